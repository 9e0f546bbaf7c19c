import type { Span } from '../../domain/home-data.ts'
import { countDays, localParts } from '../../domain/time/zone.ts'
import { COVERAGE_CLAIM, HOUR_MS } from '../constants.ts'
import { formatNumber, formatSpanHours } from '../format.ts'
import { sum } from '../numeric.ts'
import { coverage, type Point } from '../series/series.ts'

/** Hours that are taken for rounding, not for a gap. */
const NEAR_HOURS = 0.01

export interface Comparand {
  readonly points: readonly Point[]
  readonly span: Span
}

export interface Comparison {
  /** Sums over the hours that are compared; `other` is scaled where `method` says so. */
  readonly value: number
  readonly other: number
  readonly change: number
  /** Change over `other`; null when that is 0. */
  readonly fraction: number | null
  readonly method: 'equal' | 'paired' | 'scaled'
  /** Hours with data behind each side. */
  readonly hours: number
  readonly otherHours: number
  /** What was done to make the sides comparable, as a sentence, or null. */
  readonly note: string | null
}

/**
 * Holds one window against another, fairly: over the same number of covered hours. Complete windows of one length are
 * compared as they are; with gaps and equal numbers of local days, only hours that both have; else the other side is
 * scaled to as many hours. Null where one side has data for less than half of its time.
 */
export function compareWindows(a: Comparand, b: Comparand, zone: string): Comparison | null {
  const inA = inside(a)
  const inB = inside(b)
  const hoursA = coverage(inA, a.span) * lengthHours(a.span)
  const hoursB = coverage(inB, b.span) * lengthHours(b.span)
  if (hoursA < COVERAGE_CLAIM * lengthHours(a.span) || hoursB < COVERAGE_CLAIM * lengthHours(b.span))
    return null
  if (hoursA <= 0 || hoursB <= 0) return null
  const equal = Math.abs(hoursA - hoursB) < NEAR_HOURS
  const patchy = hoursA < lengthHours(a.span) - NEAR_HOURS || hoursB < lengthHours(b.span) - NEAR_HOURS
  if (equal && !patchy) return settle(inA, inB, 1, 'equal', hoursA, hoursB, null)
  if (patchy && daysOf(a.span, zone) === daysOf(b.span, zone)) {
    const paired = pair(inA, a.span, inB, b.span, zone)
    const hours = sum(paired.map(([p]) => lengthHours(p)))
    if (hours >= COVERAGE_CLAIM * lengthHours(a.span)) {
      const note = `Only the ${formatSpanHours(hours)} for which both periods have data were compared.`
      return settle(
        paired.map(([p]) => p),
        paired.map(([, q]) => q),
        1,
        'paired',
        hours,
        hours,
        note,
      )
    }
  }
  const note = `The two periods have ${formatNumber(hoursA, 0)} and ${formatNumber(hoursB, 0)} hours of data, so the other one was scaled to ${formatNumber(hoursA, 0)} hours.`
  return settle(inA, inB, hoursA / hoursB, 'scaled', hoursA, hoursB, note)
}

function settle(
  a: readonly Point[],
  b: readonly Point[],
  scale: number,
  method: Comparison['method'],
  hours: number,
  otherHours: number,
  note: string | null,
): Comparison {
  const value = sum(a.map((p) => p.value))
  const other = sum(b.map((p) => p.value)) * scale
  const change = value - other
  return {
    value,
    other,
    change,
    fraction: other === 0 ? null : change / Math.abs(other),
    method,
    hours,
    otherHours,
    note,
  }
}

/** Points of both sides that stand at the same place of their window: local day by number, and wall time. */
function pair(
  a: readonly Point[],
  spanA: Span,
  b: readonly Point[],
  spanB: Span,
  zone: string,
): [Point, Point][] {
  const places = (points: readonly Point[], span: Span) => {
    const first = localParts(span.start, zone).date
    const seen = new Map<string, Point>()
    for (const point of points) {
      const { date, hour, minute } = localParts(point.start, zone)
      const place = `${countDays(first, date)} ${hour}:${minute}`
      // The repeated hour of a clock change keeps a place of its own.
      seen.set(seen.has(place) ? `${place} again` : place, point)
    }
    return seen
  }
  const other = places(b, spanB)
  const pairs: [Point, Point][] = []
  for (const [place, point] of places(a, spanA)) {
    const partner = other.get(place)
    if (partner) pairs.push([point, partner])
  }
  return pairs
}

function inside({ points, span }: Comparand): Point[] {
  return points.filter((p) => p.start >= span.start && p.start < span.end)
}

function daysOf(span: Span, zone: string): number {
  return countDays(localParts(span.start, zone).date, localParts(span.end - 1, zone).date)
}

const lengthHours = (span: Span) => (span.end - span.start) / HOUR_MS
