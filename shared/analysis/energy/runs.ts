import { HOUR_MS, MINUTE_MS, RUN_MINUTES, RUN_SPLIT_MINUTES, RUN_WATTS } from '../constants.ts'
import { median } from '../numeric.ts'
import type { Point } from '../series/series.ts'

/** One run of an appliance, epoch ms. */
export interface Run {
  readonly start: number
  readonly end: number
  readonly kwh: number
  /** At least 100 W for at least 60 minutes. */
  readonly long: boolean
}

/**
 * The runs of an appliance: power (W) of at least 100 W, split where it stays below for 5 minutes or more or is
 * unknown for so long.
 */
export function applianceRuns(points: readonly Point[], leastWatts: number = RUN_WATTS): Run[] {
  const runs: { start: number; end: number; kwh: number }[] = []
  for (const point of points) {
    if (point.value < leastWatts) continue
    const kwh = (point.value * (point.end - point.start)) / HOUR_MS / 1000
    const last = runs.at(-1)
    const pause = last ? point.start - last.end : Number.POSITIVE_INFINITY
    if (last && pause < RUN_SPLIT_MINUTES * MINUTE_MS) {
      last.end = point.end
      last.kwh += kwh
    } else runs.push({ start: point.start, end: point.end, kwh })
  }
  return runs.map((run) => ({ ...run, long: run.end - run.start >= RUN_MINUTES * MINUTE_MS }))
}

/** Number of on-phases of a cycling appliance (a compressor) and the median length of its off-times, in minutes. */
export function cycles(
  points: readonly Point[],
  leastWatts?: number,
): { readonly count: number; readonly medianOffMinutes: number | null } {
  const level = leastWatts ?? Math.max(...points.map((p) => p.value), 0) / 2
  const runs = level > 0 ? applianceRuns(points, level) : []
  const pauses = runs.slice(1).map((run, i) => (run.start - runs[i]!.end) / MINUTE_MS)
  return { count: runs.length, medianOffMinutes: median(pauses) }
}
