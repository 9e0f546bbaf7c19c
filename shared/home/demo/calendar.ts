import { offsetMs } from '../../domain/time/zone.ts'

export const ZONE = 'Europe/Berlin'
export const MINUTE = 60_000
export const SLOT = 5 * MINUTE
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** The local day that holds the instant, counted from 1970-01-01. */
export function localDay(instant: number): number {
  return Math.floor((instant + offsetMs(instant, ZONE)) / DAY)
}

/** Local minutes since midnight, fractions included. */
export function localMinute(instant: number): number {
  const wall = instant + offsetMs(instant, ZONE)
  return (wall - Math.floor(wall / DAY) * DAY) / MINUTE
}

/** The instant at which the clock shows `minute` of a local day; a time that is skipped moves an hour on. */
export function instantOf(day: number, minute: number): number {
  const wall = day * DAY + minute * MINUTE
  return wall - offsetMs(wall - offsetMs(wall, ZONE), ZONE)
}

/** 1 Monday … 7 Sunday. */
export function weekday(day: number): number {
  return ((((day + 3) % 7) + 7) % 7) + 1
}

/** `YYYY-MM-DD` of a local day. */
export function dateOf(day: number): string {
  return new Date(day * DAY).toISOString().slice(0, 10)
}

/** 1 … 12. */
export function monthOf(day: number): number {
  return new Date(day * DAY).getUTCMonth() + 1
}

/** Days since the last 1 January, by the sun's year; good enough for seasons. */
export function dayOfYear(instant: number): number {
  return (instant / DAY) % 365.2425
}
