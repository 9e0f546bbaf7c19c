import {
  BASELOAD_BIN_W,
  BASELOAD_NIGHTS,
  BASELOAD_PERCENTILE,
  HOUR_MS,
  HOURS_A_YEAR,
  NIGHT_FROM_HOUR,
  NIGHT_TO_HOUR,
} from '../constants.ts'
import { groupBy, median, percentile } from '../numeric.ts'
import type { Point } from '../series/series.ts'
import { countNights, inLocalHours } from './local-hours.ts'

export interface Baseload {
  readonly watts: number
  /** Method id with version; it names the bucket, which is part of the method. */
  readonly method: string
  readonly samples: number
  readonly nights: number
}

/**
 * Baseload as the 5th percentile of mean power, in W. Points are 5-minute (or hourly, the coarser method) means in W.
 * Null with fewer than 3 nights of data.
 */
export function baseloadP5(points: readonly Point[], zone: string): Baseload | null {
  const watts = percentile(
    points.map((p) => p.value),
    BASELOAD_PERCENTILE,
  )
  return settle(watts, `baseload_p5.${bucketName(points)}.v1`, points, zone)
}

/**
 * Baseload as the most frequent level of the hourly minima (10 W bins), in W: the median of those within the fullest
 * bin, the lower one of equals. Points come from `hourlyMinima`. Null with fewer than 3 nights of data.
 */
export function baseloadMode(minima: readonly Point[], zone: string): Baseload | null {
  let fullest: number[] = []
  const bins = groupBy(
    minima.map((p) => p.value),
    (watts) => Math.floor(watts / BASELOAD_BIN_W),
  )
  for (const [, bin] of [...bins].sort(([a], [b]) => a - b)) if (bin.length > fullest.length) fullest = bin
  return settle(median(fullest), 'baseload_mode.hourly_minima.v1', minima, zone)
}

/** Median power between 01 and 05 local, in W; null without any point there. */
export function nightMedian(points: readonly Point[], zone: string): Baseload | null {
  const night = inLocalHours(points, zone, NIGHT_FROM_HOUR, NIGHT_TO_HOUR)
  const watts = median(night.map((p) => p.value))
  if (watts === null) return null
  const nights = countNights(night, zone, NIGHT_FROM_HOUR, NIGHT_TO_HOUR)
  return { watts, method: `night_power_median.${bucketName(points)}.v1`, samples: night.length, nights }
}

/** What a constant load uses in a year of 365 days, kWh. */
export function yearlyKwh(watts: number): number {
  return (watts * HOURS_A_YEAR) / 1000
}

function settle(
  watts: number | null,
  method: string,
  points: readonly Point[],
  zone: string,
): Baseload | null {
  const nights = countNights(points, zone, NIGHT_FROM_HOUR, NIGHT_TO_HOUR)
  if (watts === null || nights < BASELOAD_NIGHTS) return null
  return { watts, method, samples: points.length, nights }
}

function bucketName(points: readonly Point[]): string {
  const [first] = points
  return first && first.end - first.start < HOUR_MS ? '5minute' : 'hourly'
}
