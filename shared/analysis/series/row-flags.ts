import type { StatisticRow } from '../../domain/home-data.ts'
import type { Bucket } from '../../domain/metric.ts'
import { CATCH_UP_TIMES, GAP_BUCKETS, HOUR_MS, RESET_SHARE } from '../constants.ts'
import { formatNumber, formatSpanHours } from '../format.ts'
import { average, groupBy, median } from '../numeric.ts'
import type { Flag, Point } from './series.ts'

/** What a look at consecutive rows of one statistic shows. `rows` and `points` go together, in order of time. */
export function rowFlags(
  id: string,
  unit: 'kWh' | 'W',
  rows: readonly StatisticRow[],
  points: readonly Point[],
  bucket: Bucket,
): Flag[] {
  const gaps = gapFlags(id, points)
  if (unit === 'W') return gaps
  return [...gaps, ...catchUpFlags(id, points, gaps), ...meterFlags(id, rows, bucket)]
}

/** Missing spans of more than 2 buckets between rows; what is missing at the ends only a window can tell. */
export function gapFlags(id: string, points: readonly Point[]): Flag[] {
  const flags: Flag[] = []
  for (let i = 1; i < points.length; i++) {
    const before = points[i - 1]!
    const missing = points[i]!.start - before.end
    if (missing > GAP_BUCKETS * (before.end - before.start))
      flags.push({
        kind: 'gap',
        ids: [id],
        start: before.end,
        end: points[i]!.start,
        effect: `no data for ${formatSpanHours(missing / HOUR_MS)}`,
      })
  }
  return flags
}

/** After an outage the whole growth lands in the first bucket: more than 3 times its slot's median is a catch-up. */
function catchUpFlags(id: string, points: readonly Point[], gaps: readonly Flag[]): Flag[] {
  if (gaps.length === 0) return []
  const ends = new Set(gaps.map((gap) => gap.end))
  const rest = points.filter((p) => !ends.has(p.start))
  const slots = groupBy(rest, slotOf)
  const overall = average(rest.map((p) => p.value)) ?? 0
  const flags: Flag[] = []
  for (const point of points) {
    if (!ends.has(point.start)) continue
    const usual = median((slots.get(slotOf(point)) ?? []).map((p) => p.value)) ?? overall
    if (point.value > CATCH_UP_TIMES * Math.max(usual, overall) && rest.length > 0)
      flags.push({
        kind: 'catch_up',
        ids: [id],
        start: point.start,
        end: point.end,
        effect: `${formatNumber(point.value, 2)} kWh in one step after a gap belong to the gap as well`,
      })
  }
  return flags
}

/** Hour of the day in UTC: near enough to the local one to tell usual from unusual, and the same all over a series. */
const slotOf = (point: Point) => Math.floor(point.start / HOUR_MS) % 24

/** Resets, dips and negative changes, by Home Assistant's rule for `total_increasing`. */
function meterFlags(id: string, rows: readonly StatisticRow[], bucket: Bucket): Flag[] {
  const flags: Flag[] = []
  let before: number | undefined
  for (const row of rows) {
    const { start, end, change = 0, state } = row
    const add = (kind: Flag['kind'], effect: string) => flags.push({ kind, ids: [id], start, end, effect })
    const ratio = state !== undefined && before !== undefined && before > 0 ? state / before : null
    if (change < 0) {
      if (ratio !== null && ratio >= RESET_SHARE)
        add('dip', `the meter went back by ${formatNumber(-change, 3)} kWh, which lowers the total`)
      else add('negative', `a ${bucket} row of ${formatNumber(change, 2)} kWh, as after a meter swap`)
    } else if (ratio !== null && ratio < RESET_SHARE)
      add('reset', 'the meter began again from zero; its counting goes on from there')
    if (state !== undefined) before = state
  }
  return flags
}
