import type { LocalDates } from '../turn.ts'
import { addDays, weekdayOf } from './zone.ts'

/** Year, month (1–12) and day of a date `YYYY-MM-DD`. */
export function partsOf(date: string): { year: number; month: number; day: number } {
  return { year: Number(date.slice(0, 4)), month: Number(date.slice(5, 7)), day: Number(date.slice(8, 10)) }
}

/** The date of these parts; null where the calendar has none (31 February). */
export function dateOf(year: number, month: number, day: number): string | null {
  if (day < 1 || month < 1 || month > 12 || day > daysIn(year, month)) return null
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}

/** Number of days of a month (1–12). */
export function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

/** The whole calendar month that holds the date. */
export function monthOf(date: string): LocalDates {
  const { year, month } = partsOf(date)
  return monthDates(year, month)
}

/** A whole calendar month (1–12). */
export function monthDates(year: number, month: number): LocalDates {
  const head = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}`
  return { start: `${head}-01`, end: `${head}-${daysIn(year, month)}` }
}

/** A whole calendar year. */
export function yearDates(year: number): LocalDates {
  const head = String(year).padStart(4, '0')
  return { start: `${head}-01-01`, end: `${head}-12-31` }
}

/** Monday to Sunday around a date. */
export function weekOf(date: string): LocalDates {
  const monday = addDays(date, 1 - weekdayOf(date))
  return { start: monday, end: addDays(monday, 6) }
}

/** The same day n months on or back; the month's last day where it has no such day. */
export function addMonths(date: string, n: number): string {
  const { year, month, day } = partsOf(date)
  const months = year * 12 + (month - 1) + n
  const toYear = Math.floor(months / 12)
  const toMonth = (((months % 12) + 12) % 12) + 1
  return dateOf(toYear, toMonth, Math.min(day, daysIn(toYear, toMonth))) ?? date
}

/** True for exactly one whole calendar month. */
export function isWholeMonth(dates: LocalDates): boolean {
  const month = monthOf(dates.start)
  return month.start === dates.start && month.end === dates.end
}
