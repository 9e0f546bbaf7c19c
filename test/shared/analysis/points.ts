import type { Point, Series } from '../../../shared/analysis/series/series.ts'
import type { StatisticRow } from '../../../shared/domain/home-data.ts'
import { startOfLocalDay } from '../../../shared/domain/time/zone.ts'

export const HOUR = 3_600_000
export const MINUTE = 60_000
export const BERLIN = 'Europe/Berlin'
/** 2026-06-01, a Monday, 00:00 in Berlin. */
export const MONDAY = startOfLocalDay('2026-06-01', BERLIN)

/** Points one after the other, an hour each unless told. */
export function pointsOf(values: readonly number[], start = MONDAY, step = HOUR): Point[] {
  return values.map((value, i) => ({ start: start + i * step, end: start + (i + 1) * step, value }))
}

/** So many points, each valued by its place. */
export function repeat(
  n: number,
  value: number | ((i: number) => number),
  start = MONDAY,
  step = HOUR,
): Point[] {
  return pointsOf(
    Array.from({ length: n }, (_, i) => (typeof value === 'number' ? value : value(i))),
    start,
    step,
  )
}

/** Statistics rows of a meter: the change of each hour, and its state. */
export function meterRows(changes: readonly number[], state = 1_000, start = MONDAY): StatisticRow[] {
  let sum = state
  return changes.map((change, i) => {
    sum += change
    return { start: start + i * HOUR, end: start + (i + 1) * HOUR, change, state: sum, sum }
  })
}

export function seriesOf(points: readonly Point[], rest: Partial<Series> = {}): Series {
  return { id: 'sensor.meter', name: 'Meter', unit: 'kWh', bucket: 'hour', points, flags: [], ...rest }
}
