/** Readers for what comes from outside: what has another shape reads as nothing, and never throws. */

export type Row = Readonly<Record<string, unknown>>

export function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The records of a list; anything else in it is left out. */
export function rowsIn(value: unknown): readonly Row[] {
  return Array.isArray(value) ? value.filter(isRow) : []
}

/** Text that is not empty, cut to a length that no name needs; else null. */
export function textIn(value: unknown, most = 500): string | null {
  return typeof value === 'string' && value !== '' ? value.slice(0, most) : null
}

/** A finite number; Home Assistant writes `null` where it has none. */
export function numberIn(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

/** Epoch ms of an ISO text or of seconds; else null. */
export function instantIn(value: unknown): number | null {
  const ms =
    typeof value === 'string' ? Date.parse(value) : typeof value === 'number' ? value * 1000 : Number.NaN
  return Number.isFinite(ms) ? Math.round(ms) : null
}

/** Texts of a list. */
export function textsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string' && each !== '') : []
}
