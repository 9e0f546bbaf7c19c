import type { Span } from '../../domain/home-data.ts'
import type { Bucket } from '../../domain/metric.ts'
import { HOUR_MS } from '../constants.ts'
import { sum } from '../numeric.ts'

/** A value that holds from `start` to `end` (epoch ms, end exclusive). Absent is unknown, never zero. */
export interface Point {
  readonly start: number
  readonly end: number
  readonly value: number
}

export const FLAG_KINDS = [
  'coverage',
  'gap',
  'catch_up',
  'reset',
  'dip',
  'negative',
  'stuck',
  'unit_mix',
  'duplicate',
  'impossible',
  'stale',
  'clock_change',
] as const
export type FlagKind = (typeof FLAG_KINDS)[number]

/** Something odd about data: where, when, and what it does to results (a clause, no full stop). */
export interface Flag {
  readonly kind: FlagKind
  readonly ids: readonly string[]
  readonly start: number
  readonly end: number
  readonly effect: string
}

/** Values of one statistic in order of time, without two for one bucket. Unit kWh (per bucket) or W (mean). */
export interface Series {
  readonly id: string
  readonly name: string
  readonly unit: string
  readonly bucket: Bucket
  readonly points: readonly Point[]
  readonly flags: readonly Flag[]
}

/** Usual length of a bucket in ms; days and months vary and are given by their longest usual form. */
export function bucketMs(bucket: Bucket): number {
  return {
    '5minute': HOUR_MS / 12,
    hour: HOUR_MS,
    day: 24 * HOUR_MS,
    week: 7 * 24 * HOUR_MS,
    month: 31 * 24 * HOUR_MS,
  }[bucket]
}

/** Energy of a power series: mean W × hours / 1000, bucket by bucket. */
export function powerToEnergy(series: Series): Series {
  const points = series.points.map((p) => ({ ...p, value: (p.value * hoursOf(p)) / 1000 }))
  return { ...series, unit: 'kWh', points }
}

/** Mean power of an energy series: kWh / hours × 1000, bucket by bucket. */
export function energyToPower(series: Series): Series {
  const points = series.points.map((p) => ({ ...p, value: (p.value / hoursOf(p)) * 1000 }))
  return { ...series, unit: 'W', points }
}

/**
 * Adds series bucket by bucket; a missing value is zero only where another series has one. The flags of all of them are
 * flags of the sum as well.
 */
export function sumSeries(id: string, name: string, list: readonly Series[]): Series {
  const first = list[0]
  if (list.length === 1 && first) return { ...first, id, name }
  const byStart = new Map<number, { start: number; end: number; value: number }>()
  for (const series of list)
    for (const point of series.points) {
      const known = byStart.get(point.start)
      if (known) known.value += point.value
      else byStart.set(point.start, { ...point })
    }
  const points = [...byStart.values()].sort((a, b) => a.start - b.start)
  const flags = list.flatMap((series) => series.flags.map((flag) => ({ ...flag, ids: [id, ...flag.ids] })))
  return { id, name, unit: first?.unit ?? 'kWh', bucket: first?.bucket ?? 'hour', points, flags }
}

/** Share of the span's time that the points cover, in [0, 1]; 0 for an empty span. */
export function coverage(points: readonly Point[], span: Span): number {
  const length = span.end - span.start
  if (!(length > 0)) return 0
  let covered = 0
  let reached = span.start
  for (const point of points) {
    const from = Math.max(point.start, reached)
    const to = Math.min(point.end, span.end)
    if (to > from) {
      covered += to - from
      reached = to
    }
  }
  return Math.min(1, covered / length)
}

/** The points that begin within the span, and the flags that touch it. */
export function within(series: Series, span: Span): Series {
  return {
    ...series,
    points: series.points.filter((p) => p.start >= span.start && p.start < span.end),
    flags: series.flags.filter((f) => f.start < span.end && f.end > span.start),
  }
}

/** Flags under which the values themselves cannot be trusted; the others only say that something is missing or odd. */
const DISTORTING: readonly FlagKind[] = ['catch_up', 'negative', 'stuck', 'unit_mix', 'impossible']

/** The series without the points within the span that a distorting flag covers. */
export function withoutFlagged(series: Series, span: Span, flags: readonly Flag[] = series.flags): Series {
  const bad = flags.filter((f) => DISTORTING.includes(f.kind) && f.ids.includes(series.id))
  if (bad.length === 0) return series
  const points = series.points.filter(
    (p) =>
      p.start < span.start || p.start >= span.end || !bad.some((f) => f.start < p.end && f.end > p.start),
  )
  return { ...series, points }
}

/** Sum of the values; null without any. */
export function total(points: readonly Point[]): number | null {
  return points.length === 0 ? null : sum(points.map((p) => p.value))
}

/** Mean of the values, weighted by how long each holds; null without any. */
export function mean(points: readonly Point[]): number | null {
  const length = sum(points.map((p) => p.end - p.start))
  return length > 0 ? sum(points.map((p) => p.value * (p.end - p.start))) / length : null
}

/** How long the point holds, in hours. */
export function hoursOf(point: Span): number {
  return (point.end - point.start) / HOUR_MS
}
