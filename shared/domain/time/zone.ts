import type { TimeWindow } from '../window.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
export const DAY_MS = 24 * HOUR
const CACHED_DAYS = 40_000

/** What one UTC day of a zone looks like: the offset at its start, and the first instant and offset after a change. */
interface DayOffsets {
  readonly before: number
  readonly changeAt: number
  readonly after: number
}

interface ZoneTable {
  readonly read: (instant: number) => number
  readonly days: Map<number, DayOffsets>
}

// A memo of a pure function (the zone database): it only ever saves work, so callers need not carry it.
const tables = new Map<string, ZoneTable>()

/** True when the text names a time zone that this runtime knows (IANA name, or a fixed offset such as `+01:00`). */
export function isZone(zone: string): boolean {
  try {
    tableOf(zone)
    return true
  } catch (thrown) {
    if (thrown instanceof RangeError) return false
    throw thrown
  }
}

/**
 * Offset of the zone at an instant (epoch ms), in ms: local wall time = instant + offset. Costs one map look-up once the
 * UTC day has been read. Throws RangeError for an unknown zone or an instant that is no date.
 */
export function offsetMs(instant: number, zone: string): number {
  const table = tableOf(zone)
  const day = Math.floor(instant / DAY_MS)
  let offsets = table.days.get(day)
  if (!offsets) {
    offsets = readDay(day, table.read)
    if (table.days.size >= CACHED_DAYS) table.days.clear()
    table.days.set(day, offsets)
  }
  return instant < offsets.changeAt ? offsets.before : offsets.after
}

/** The instant in the zone's wall time with its offset: `2026-11-17T18:30:00+01:00` (seconds, fractions cut). */
export function toLocalIso(instant: number, zone: string): string {
  const offset = offsetMs(instant, zone)
  const minutes = Math.round(Math.abs(offset) / MINUTE)
  const sign = offset < 0 ? '-' : '+'
  const wall = new Date(instant + offset).toISOString().replace(/\.\d+Z$/, '')
  return `${wall}${sign}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
}

/** Wall-clock parts of an instant; `weekday` is 1 Monday … 7 Sunday. */
export interface LocalParts {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly weekday: number
  /** `YYYY-MM-DD` */
  readonly date: string
}

/** What the clock and the calendar on the wall show at an instant (epoch ms). */
export function localParts(instant: number, zone: string): LocalParts {
  const wall = new Date(instant + offsetMs(instant, zone))
  const year = wall.getUTCFullYear()
  const month = wall.getUTCMonth() + 1
  const day = wall.getUTCDate()
  return {
    year,
    month,
    day,
    hour: wall.getUTCHours(),
    minute: wall.getUTCMinutes(),
    weekday: wall.getUTCDay() || 7,
    date: `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`,
  }
}

/**
 * All instants at which the clock on the wall shows `wall` (a wall time written as epoch ms, as if it were UTC), in
 * order: one as a rule, none when clocks skip it, two when they show it twice.
 */
export function instantsOf(wall: number, zone: string): number[] {
  const offsets = new Set([offsetMs(wall - 1.5 * DAY_MS, zone), offsetMs(wall + 1.5 * DAY_MS, zone)])
  for (const offset of [...offsets]) offsets.add(offsetMs(wall - offset, zone))
  return [...offsets]
    .map((offset) => wall - offset)
    .filter((instant) => instant + offsetMs(instant, zone) === wall)
    .sort((a, b) => a - b)
}

/** First instant (epoch ms) of a local date `YYYY-MM-DD`; where clocks skip midnight, the moment they skip to. */
export function startOfLocalDay(date: string, zone: string): number {
  const wall = wallOf(date)
  const [first] = instantsOf(wall, zone)
  if (first !== undefined) return first
  let low = wall - 1.5 * DAY_MS
  let high = wall + 1.5 * DAY_MS
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (middle + offsetMs(middle, zone) >= wall) high = middle
    else low = middle
  }
  return high
}

/** The date `n` days on (or back) in the calendar. */
export function addDays(date: string, n: number): string {
  return new Date(wallOf(date) + n * DAY_MS).toISOString().slice(0, 10)
}

/** Number of days from one local date to another, both counted: 1 for the same date. */
export function countDays(start: string, end: string): number {
  return Math.round((wallOf(end) - wallOf(start)) / DAY_MS) + 1
}

/** 1 Monday … 7 Sunday of a local date. */
export function weekdayOf(date: string): number {
  return new Date(wallOf(date)).getUTCDay() || 7
}

/** The window of whole local days from `start` to `end`, both dates included, as UTC instants (end exclusive). */
export function dayWindow(start: string, end: string, zone: string): TimeWindow {
  return {
    start: new Date(startOfLocalDay(start, zone)).toISOString(),
    end: new Date(startOfLocalDay(addDays(end, 1), zone)).toISOString(),
    timeZone: zone,
  }
}

/** Midnight of a date as if it were UTC. Throws RangeError for what is no date. */
function wallOf(date: string): number {
  const wall = Date.parse(`${date}T00:00:00Z`)
  if (Number.isNaN(wall)) throw new RangeError('not a date of the form YYYY-MM-DD')
  return wall
}

function tableOf(zone: string): ZoneTable {
  let table = tables.get(zone)
  if (!table) {
    table = { read: createReader(zone), days: new Map() }
    tables.set(zone, table)
  }
  return table
}

function createReader(zone: string): (instant: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    era: 'short',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  return (instant) => {
    const parts: Record<string, number> = {}
    let sign = 1
    for (const { type, value } of format.formatToParts(instant)) {
      if (type === 'era') sign = value.startsWith('B') ? -1 : 1
      else parts[type] = Number(value)
    }
    const year = sign === 1 ? parts.year! : 1 - parts.year!
    const wall = new Date(0)
    wall.setUTCFullYear(year, parts.month! - 1, parts.day!)
    wall.setUTCHours(parts.hour!, parts.minute!, parts.second!)
    return wall.getTime() - Math.floor(instant / 1000) * 1000
  }
}

/** Offsets of one UTC day; a zone changes its offset at most once within one. */
function readDay(day: number, read: (instant: number) => number): DayOffsets {
  let low = day * DAY_MS
  let high = low + DAY_MS - 1
  const before = read(low)
  const after = read(high)
  if (before === after) return { before, changeAt: Number.POSITIVE_INFINITY, after }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (read(middle) === before) low = middle
    else high = middle
  }
  return { before, changeAt: high, after }
}

function two(n: number): string {
  return String(n).padStart(2, '0')
}
