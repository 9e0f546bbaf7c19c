/** A value in the library's unit, or why it is left out. */
export type Converted =
  | { readonly ok: true; readonly value: number }
  | { readonly ok: false; readonly reason: string }

// Case matters: mW and MW are nine orders of magnitude apart. VA, var and their kin are not power in this sense.
const KWH: Readonly<Record<string, number>> = {
  mWh: 1e-6,
  Wh: 1e-3,
  kWh: 1,
  MWh: 1e3,
  GWh: 1e6,
  TWh: 1e9,
  J: 1 / 3.6e6,
  kJ: 1 / 3600,
  MJ: 1 / 3.6,
  GJ: 1000 / 3.6,
}
const WATTS: Readonly<Record<string, number>> = { mW: 1e-3, W: 1, kW: 1e3, MW: 1e6, GW: 1e9 }

/** Energy in kWh. */
export function toKwh(value: number, unit: string): Converted {
  return convert(value, unit, KWH, 'energy')
}

/** Power in W. */
export function toWatts(value: number, unit: string): Converted {
  return convert(value, unit, WATTS, 'power')
}

function convert(
  value: number,
  unit: string,
  table: Readonly<Record<string, number>>,
  kind: string,
): Converted {
  if (!Object.hasOwn(table, unit)) return { ok: false, reason: `the unit is not one of ${kind}` }
  if (!Number.isFinite(value)) return { ok: false, reason: 'the value is not a number' }
  return { ok: true, value: value * table[unit]! }
}
