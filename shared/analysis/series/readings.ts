import { HOLD_MINUTES, HOUR_MS, MINUTE_MS, RESET_SHARE } from '../constants.ts'
import { formatSpanHours } from '../format.ts'
import { sum } from '../numeric.ts'
import { type Converted, toKwh, toWatts } from '../units.ts'
import type { Flag, Point } from './series.ts'

/** A raw state of a meter or power sensor; `at` is epoch ms, the value holds until the next reading. */
export interface Reading {
  readonly at: number
  readonly value: number
  readonly unit: string
}

export interface Excluded {
  readonly unit: string
  readonly reason: string
}

export interface EnergyOfReadings {
  /** Null with fewer than two usable readings. */
  readonly kwh: number | null
  readonly samples: number
  readonly flags: readonly Flag[]
  readonly excluded: readonly Excluded[]
}

/**
 * Energy of a meter from its raw readings: the sum of differences, the first reading being the zero point. Home
 * Assistant's rules: below 0.9 of the old reading the meter began anew from 0; 0.9 to 1 is a dip that lowers the sum;
 * negative readings are dropped. Units of one class are converted, others left out with the reason.
 */
export function energyFromReadings(readings: readonly Reading[]): EnergyOfReadings {
  const { usable, excluded } = convertAll(readings, toKwh)
  const flags: Flag[] = []
  const changes: number[] = []
  let before: { at: number; value: number } | null = null
  let samples = 0
  for (const reading of usable) {
    const flag = (kind: Flag['kind'], effect: string) =>
      flags.push({ kind, ids: [], start: before?.at ?? reading.at, end: reading.at, effect })
    if (reading.value < 0) {
      flag('negative', 'a negative meter reading was dropped')
      continue
    }
    samples++
    if (before !== null) {
      if (reading.value < RESET_SHARE * before.value) {
        flag('reset', 'the meter began again from zero')
        changes.push(reading.value)
      } else {
        if (reading.value < before.value) flag('dip', 'the meter went back a little, which lowers the total')
        changes.push(reading.value - before.value)
      }
    }
    before = reading
  }
  return { kwh: changes.length > 0 ? sum(changes) : null, samples, flags, excluded }
}

export interface PowerOfStates {
  /** Steps in W. */
  readonly points: readonly Point[]
  readonly kwh: number | null
  readonly flags: readonly Flag[]
  readonly excluded: readonly Excluded[]
}

/**
 * Power as steps from reading to reading up to `end`, each held at most 15 minutes: what lies beyond is a gap, not an
 * assumption. `kwh` is the energy under the steps; a steady 500 W reported often enough over 24 h is 12 kWh.
 */
export function powerFromStates(readings: readonly Reading[], end: number): PowerOfStates {
  const { usable, excluded } = convertAll(readings, toWatts)
  const points: Point[] = []
  const flags: Flag[] = []
  for (const [i, reading] of usable.entries()) {
    const next = Math.min(usable[i + 1]?.at ?? end, end)
    const until = Math.min(next, reading.at + HOLD_MINUTES * MINUTE_MS)
    if (until > reading.at) points.push({ start: reading.at, end: until, value: reading.value })
    if (next > until)
      flags.push({
        kind: 'gap',
        ids: [],
        start: until,
        end: next,
        effect: `no reading for ${formatSpanHours((next - until) / HOUR_MS)}`,
      })
  }
  const energies = points.map((p) => (p.value * (p.end - p.start)) / HOUR_MS / 1000)
  return { points, kwh: energies.length > 0 ? sum(energies) : null, flags, excluded }
}

function convertAll(
  readings: readonly Reading[],
  convert: (value: number, unit: string) => Converted,
): { usable: { at: number; value: number }[]; excluded: Excluded[] } {
  const usable: { at: number; value: number }[] = []
  const excluded = new Map<string, Excluded>()
  for (const { at, value, unit } of readings.toSorted((a, b) => a.at - b.at)) {
    const converted = convert(value, unit)
    if (converted.ok) usable.push({ at, value: converted.value })
    else excluded.set(`${unit} ${converted.reason}`, { unit, reason: converted.reason })
  }
  return { usable, excluded: [...excluded.values()] }
}
