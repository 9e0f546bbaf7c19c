import type { StatisticRow } from '../../domain/home-data.ts'
import { HOUR_MS } from '../constants.ts'
import { groupBy } from '../numeric.ts'
import type { Point } from './series.ts'

/**
 * The lowest power of each hour in W. Hourly rows give their `min`; of 5-minute rows the lowest `min` (else `mean`)
 * counts, in hours that they fill.
 */
export function hourlyMinima(rows: readonly StatisticRow[]): Point[] {
  const points: Point[] = []
  for (const [start, group] of groupBy(rows, (row) => Math.floor(row.start / HOUR_MS) * HOUR_MS)) {
    const lows = group
      .map((row) => (row.end - row.start >= HOUR_MS ? row.min : (row.min ?? row.mean)))
      .filter((low): low is number => low !== undefined && Number.isFinite(low))
    const covered = group.reduce((ms, row) => ms + row.end - row.start, 0)
    if (lows.length === group.length && covered >= HOUR_MS)
      points.push({ start, end: start + HOUR_MS, value: Math.min(...lows) })
  }
  return points.sort((a, b) => a.start - b.start)
}
