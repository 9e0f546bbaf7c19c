import { type Band, type Household, localTime, type Reading } from './household.ts'

const HOUR = 3_600_000
/** Ontario's zone is 4 or 5 hours behind. */
const OFFSETS = [4 * HOUR, 5 * HOUR]

/**
 * Reads a utility's file: `DateTime` (MM/DD/YYYY HH:MM:SS, local, end of the hour; midnight stands under the day that
 * ends), `Consumption kWh`, then 0 or 1 for off-peak, mid-peak and on-peak. A working day that is off-peak throughout
 * is a holiday.
 */
export function parseHouseholdFile(text: string): Household {
  const [, ...lines] = text.trim().split(/\r?\n/)
  const readings: Reading[] = []
  for (const [i, line] of lines.entries()) {
    const [label = '', kwh, ...flags] = line.split(',')
    const before = readings.at(-1)
    const start = before === undefined ? firstStart(label) : before.start + HOUR
    if (start === undefined || labelOf(start + HOUR) !== label)
      throw new Error(`line ${i + 2} of the household's file does not follow the line before it`)
    readings.push({ start, kwh: Number(kwh), band: bandOf(flags) })
  }
  return { readings, holidays: holidaysOf(readings) }
}

function firstStart(label: string): number | undefined {
  const [, month, day, year, hour] = /^(\d\d)\/(\d\d)\/(\d{4}) (\d\d):00:00$/.exec(label) ?? []
  const local = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour))
  return OFFSETS.map((offset) => local + offset - HOUR).find((start) => labelOf(start + HOUR) === label)
}

/** How the file writes the end of an hour. */
function labelOf(end: number): string {
  const { hour } = localTime(end)
  const [year, month, day] = localTime(hour === 0 ? end - HOUR : end).date.split('-')
  return `${month}/${day}/${year} ${String(hour).padStart(2, '0')}:00:00`
}

function bandOf([, mid, on]: readonly string[]): Band {
  if (on === '1') return 'on-peak'
  return mid === '1' ? 'mid-peak' : 'off-peak'
}

function holidaysOf(readings: readonly Reading[]): string[] {
  const days = new Map<string, number>()
  for (const { start, band } of readings) {
    const { date, weekend, hour } = localTime(start)
    // Priced hours are those from 7 to 19; a day that is in the file only in part is judged by what is there.
    if (!weekend && hour >= 7 && hour < 19)
      days.set(date, (days.get(date) ?? 0) + (band === 'off-peak' ? 0 : 1))
  }
  return [...days].filter(([, priced]) => priced === 0).map(([date]) => date)
}
