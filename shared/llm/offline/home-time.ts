import { defaultDates, findComparison, findDates } from '../../domain/time/phrase.ts'
import { isZone } from '../../domain/time/zone.ts'
import type { LocalDates } from '../../domain/turn.ts'

/** What time phrases are read against: the home's present, its zone and the span of its data (epoch ms). */
export interface HomeTime {
  readonly now: number
  readonly zone: string
  readonly data: { readonly start: number; readonly end: number }
}

/** Reads the `home` block (HomeInfo on the wire); null when it is missing or makes no sense. */
export function readHomeTime(home: unknown): HomeTime | null {
  if (home === null || typeof home !== 'object') return null
  const at = (key: string) => Date.parse(String(Reflect.get(home, key)))
  const zone = String(Reflect.get(home, 'time_zone'))
  const now = at('now')
  const start = at('data_start')
  const end = at('data_end')
  if (![now, start, end].every(Number.isFinite) || !isZone(zone)) return null
  return { now, zone, data: { start, end } }
}

/** Time phrase of a text, or null. */
export function datesIn(text: string, time: HomeTime | null): { dates: LocalDates; phrase: string } | null {
  return time && findDates(text, time.now, time.zone, time.data)
}

/** The period that a text sets against `base` (the default window where that is null), or null. */
export function comparisonIn(
  text: string,
  time: HomeTime | null,
  base: LocalDates | null,
): LocalDates | null {
  return (
    time && findComparison(text, time.now, time.zone, time.data, base ?? defaultDates(time.now, time.zone))
  )
}

/** The window that a question without one means. */
export function usualDates(time: HomeTime | null): LocalDates | null {
  return time && defaultDates(time.now, time.zone)
}

/** `2026-11-10 to 2026-11-16`, or one day alone: a form that every reader of dates takes. */
export function sayDates(dates: LocalDates): string {
  return dates.start === dates.end ? dates.start : `${dates.start} to ${dates.end}`
}
