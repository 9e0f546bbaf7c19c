import { localParts } from '../../domain/time/zone.ts'
import type { Point } from '../series/series.ts'

/** True when a local hour lies in [from, to); `22, 6` goes over midnight, equal hours mean the whole day. */
export function isInHours(hour: number, from: number, to: number): boolean {
  return from < to ? hour >= from && hour < to : hour >= from || hour < to
}

/** The points that begin in these local hours, such as 22 to 6 for a night. */
export function inLocalHours(points: readonly Point[], zone: string, from: number, to: number): Point[] {
  return points.filter((point) => isInHours(localParts(point.start, zone).hour, from, to))
}

/** Number of nights of which at least one of these points falls between 1 and 5 local: the local dates of those hours. */
export function countNights(points: readonly Point[], zone: string, from: number, to: number): number {
  const dates = new Set<string>()
  for (const point of points) {
    const { hour, date } = localParts(point.start, zone)
    if (isInHours(hour, from, to)) dates.add(date)
  }
  return dates.size
}
