import { HOUR_MS, STUCK_HOURS } from '../constants.ts'
import { formatSpanHours } from '../format.ts'
import type { Flag, Series } from '../series/series.ts'

/** A series counts as one that changes when so much of what lies outside the run differs from its neighbour (choice). */
const CHANGING_SHARE = 0.8

/**
 * Runs of one and the same value for 24 h or more in a series that otherwise changes from bucket to bucket; rows that
 * repeat a value count as standing still. `mayRest` series (solar, export, battery, devices) may well be 0 for days.
 */
export function stuckFlags(series: Series, mayRest: boolean): Flag[] {
  const { points } = series
  let differing = 0
  let standing = 0
  const runs: { first: number; last: number }[] = []
  for (let i = 1, first = 0; i <= points.length; i++) {
    const same = i < points.length && points[i]!.value === points[i - 1]!.value
    if (same) continue
    const length = points[i - 1]!.end - points[first]!.start
    if (length >= STUCK_HOURS * HOUR_MS && !(mayRest && points[first]!.value === 0))
      runs.push({ first, last: i - 1 })
    else standing += i - 1 - first
    differing++
    first = i
  }
  if (runs.length === 0 || differing / (differing + standing) < CHANGING_SHARE || differing < STUCK_HOURS / 2)
    return []
  return runs.map(({ first, last }) => ({
    kind: 'stuck',
    ids: [series.id],
    start: points[first]!.start,
    end: points[last]!.end,
    effect: `one and the same value for ${formatSpanHours((points[last]!.end - points[first]!.start) / HOUR_MS)}`,
  }))
}
