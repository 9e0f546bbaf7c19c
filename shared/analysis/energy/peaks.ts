import type { Span } from '../../domain/home-data.ts'
import { MINUTE_MS, PEAK_EVENT_SHARE } from '../constants.ts'
import type { Point, Series } from '../series/series.ts'

/** The highest mean over a rolling window, with the event around it. Instants are epoch ms. */
export interface Peak {
  readonly start: number
  readonly end: number
  /** Mean power over the window, W. */
  readonly watts: number
  /** How long power stayed above 75 % of the peak around it. */
  readonly lengthMinutes: number
}

/**
 * The highest rolling 15, 30 or 60-minute means of power (W), each from another event, highest first. Windows with a
 * missing bucket do not count. Empty where the buckets are longer than the window, or do not divide it.
 */
export function peaks(points: readonly Point[], minutes: 15 | 30 | 60, topN: number): Peak[] {
  const windows = rollingMeans(points, minutes * MINUTE_MS).sort(
    (a, b) => b.watts - a.watts || a.start - b.start,
  )
  const found: (Peak & { readonly event: Span })[] = []
  for (const window of windows) {
    if (found.length >= topN) break
    if (found.some(({ event }) => window.start < event.end && window.end > event.start)) continue
    const event = eventAround(points, window)
    const lengthMinutes = Math.round((event.end - event.start) / MINUTE_MS)
    found.push({ start: window.start, end: window.end, watts: window.watts, lengthMinutes, event })
  }
  return found.map(({ event: _, ...peak }) => peak)
}

/** The highest and the lowest point, the earlier one of equals; null without any. */
export function extremeBuckets(points: readonly Point[]): {
  highest: Point | null
  lowest: Point | null
} {
  let highest: Point | null = null
  let lowest: Point | null = null
  for (const point of points) {
    if (!highest || point.value > highest.value) highest = point
    if (!lowest || point.value < lowest.value) lowest = point
  }
  return { highest, lowest }
}

/** Mean power (W) of each device within a peak, highest first; devices without data there are left out. */
export function contributors(
  peak: Span,
  devices: readonly Series[],
): { readonly id: string; readonly name: string; readonly watts: number }[] {
  const list: { id: string; name: string; watts: number }[] = []
  for (const device of devices) {
    let energy = 0
    let time = 0
    for (const point of device.points) {
      const overlap = Math.min(point.end, peak.end) - Math.max(point.start, peak.start)
      if (overlap <= 0) continue
      const watts =
        device.unit === 'kWh'
          ? (point.value * 1000 * 60 * MINUTE_MS) / (point.end - point.start)
          : point.value
      energy += watts * overlap
      time += overlap
    }
    if (time > 0) list.push({ id: device.id, name: device.name, watts: energy / time })
  }
  return list.sort((a, b) => b.watts - a.watts)
}

/** Means over all unbroken runs of buckets that fill the length exactly. */
export function rollingMeans(
  points: readonly Point[],
  lengthMs: number,
): { start: number; end: number; watts: number }[] {
  const means: { start: number; end: number; watts: number }[] = []
  let energy = 0
  let first = 0
  for (let last = 0; last < points.length; last++) {
    const point = points[last]!
    if (last > 0 && points[last - 1]!.end !== point.start) {
      first = last
      energy = 0
    }
    energy += weight(point)
    while (first < last && point.end - points[first]!.start > lengthMs) energy -= weight(points[first++]!)
    if (point.end - points[first]!.start === lengthMs)
      means.push({ start: points[first]!.start, end: point.end, watts: energy / lengthMs })
  }
  return means
}

const weight = (point: Point) => point.value * (point.end - point.start)

function eventAround(points: readonly Point[], peak: Span & { readonly watts: number }): Span {
  const least = PEAK_EVENT_SHARE * peak.watts
  let first = points.findIndex((p) => p.start === peak.start)
  let last = points.findLastIndex((p) => p.end === peak.end)
  while (first > 0 && joins(points[first - 1]!, points[first]!) && points[first - 1]!.value > least) first--
  while (
    last < points.length - 1 &&
    joins(points[last]!, points[last + 1]!) &&
    points[last + 1]!.value > least
  )
    last++
  return { start: points[first]!.start, end: points[last]!.end }
}

const joins = (a: Point, b: Point) => a.end === b.start
