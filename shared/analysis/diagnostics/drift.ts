import {
  COVERAGE_CAVEAT,
  DRIFT_ACTIVE_LEVEL,
  DRIFT_ACTIVE_SHARE,
  DRIFT_LEAST_RISE,
  DRIFT_LEAST_WEEKS,
  DRIFT_MEAN_LEVEL,
  DRIFT_SIGMAS,
  DRIFT_WEEKS,
  HOUR_MS,
} from '../constants.ts'
import { average, median, sum } from '../numeric.ts'
import { coverage, type Point } from '../series/series.ts'

const WEEK_MS = 7 * 24 * HOUR_MS

/** How the daily energy of a device changes from week to week; all figures in kWh a day. */
export interface Drift {
  /** By the line through the weeks: at the first and at the last of them. */
  readonly first: number
  readonly last: number
  /** Slope, and the ends of its interval. */
  readonly perWeek: number
  readonly low: number
  readonly high: number
  /** Weeks that count: enough of their hours are known. */
  readonly weeks: number
  /** True when even the low end of the slope adds up to a rise that matters. */
  readonly isRising: boolean
}

/**
 * The drift of a device that runs all the time, from its hours of the weeks before `end`: a line through the weekly
 * means, so that neither time of day nor weekday counts. Null for a device that rests for hours (its use follows
 * people or weather) and where too few weeks are known.
 */
export function driftOf(hours: readonly Point[], end: number): Drift | null {
  if (!runsAlways(hours)) return null
  const weeks = Array.from({ length: DRIFT_WEEKS }, (_, index) => {
    const span = {
      start: end - (DRIFT_WEEKS - index) * WEEK_MS,
      end: end - (DRIFT_WEEKS - index - 1) * WEEK_MS,
    }
    const inside = hours.filter((point) => point.start >= span.start && point.start < span.end)
    const mean = average(inside.map(({ value }) => value))
    return mean === null || coverage(inside, span) < COVERAGE_CAVEAT ? null : { index, value: mean * 24 }
  }).filter((week) => week !== null)
  if (weeks.length < DRIFT_LEAST_WEEKS) return null
  const { slope, error, at } = lineThrough(weeks)
  const first = at(0)
  const [low, high] = [slope - DRIFT_SIGMAS * error, slope + DRIFT_SIGMAS * error]
  return {
    first,
    last: at(DRIFT_WEEKS - 1),
    perWeek: slope,
    low,
    high,
    weeks: weeks.length,
    isRising: first > 0 && (low * (DRIFT_WEEKS - 1)) / first >= DRIFT_LEAST_RISE,
  }
}

function runsAlways(hours: readonly Point[]): boolean {
  const values = hours.map(({ value }) => value)
  const usual = median(values) ?? 0
  const active = values.filter((value) => value >= DRIFT_ACTIVE_LEVEL * usual)
  return (
    usual > 0 &&
    active.length >= DRIFT_ACTIVE_SHARE * values.length &&
    (average(values) ?? 0) <= DRIFT_MEAN_LEVEL * usual
  )
}

/** Least squares, with the standard error of the slope. */
function lineThrough(points: readonly { readonly index: number; readonly value: number }[]) {
  const n = points.length
  const x = sum(points.map(({ index }) => index)) / n
  const y = sum(points.map(({ value }) => value)) / n
  const spread = sum(points.map(({ index }) => (index - x) ** 2))
  const slope = sum(points.map(({ index, value }) => (index - x) * (value - y))) / spread
  const at = (index: number) => y + slope * (index - x)
  const rest = sum(points.map(({ index, value }) => (value - at(index)) ** 2))
  return { slope, error: Math.sqrt(rest / (n - 2) / spread), at }
}
