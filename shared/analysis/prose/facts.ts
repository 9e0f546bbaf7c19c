import type { Metric } from '../../domain/metric.ts'
import { addDays, countDays, localParts } from '../../domain/time/zone.ts'
import { type TimeWindow, windowHours } from '../../domain/window.ts'
import { blank, type DayInText, findTextDates } from './dates.ts'
import { findNumbers } from './numbers.ts'
import { unitMeaning } from './units.ts'

/** Everything that prose may draw its numbers from. */
export interface ProseFacts {
  readonly metrics: readonly Metric[]
  readonly windows: readonly TimeWindow[]
  /** Sentences whose numbers are already checked: findings and caveats. */
  readonly statements: readonly string[]
  /** Fractions in [0, 1]. */
  readonly confidences: readonly number[]
}

/** A number that may be said, in the base unit of its kind. */
export interface Fact {
  readonly kind: string
  readonly value: number
  /** The value in the unit that the ledger gives it in, for prose that leaves the unit out. */
  readonly plain: number
}

export interface KnownFacts {
  readonly numbers: readonly Fact[]
  /** Local dates that may be named. */
  readonly dates: ReadonlySet<string>
  /** Days, months and years that statements name. */
  readonly days: readonly DayInText[]
  readonly times: ReadonlySet<string>
  /** Names that hold numerals, the longest first. */
  readonly names: readonly string[]
}

const MOST_DAYS = 4_000
const PART_OF_WORD = /[\p{L}\p{N}]/u

/** Collects what may be said: values, counts, window lengths, the days and clock times that the ledger points to. */
export function knownFacts({ metrics, windows, statements, confidences }: ProseFacts): KnownFacts {
  const numbers: Fact[] = confidences.map((value) => ({ kind: 'share', value, plain: value }))
  const dates = new Set<string>()
  const named: DayInText[] = []
  const times = new Set<string>(['00:00', '24:00'])
  const names = new Set<string>()
  const add = (kind: string, value: number, plain = value) => numbers.push({ kind, value, plain })

  for (const metric of metrics) {
    const { kind, factor } = unitMeaning(metric.unit) ?? { kind: metric.unit, factor: 1 }
    add(kind, metric.value * factor, metric.value)
    add('share', metric.coverage)
    add('count', metric.samples)
    if (metric.bucket === '5minute') add('time', 5 / 60, 5)
    else if (metric.bucket === 'hour') add('time', metric.samples)
    else if (metric.bucket === 'day') add('time', metric.samples * 24, metric.samples)
    for (const name of [metric.label ?? '', ...metric.entities]) if (/\d/.test(name)) names.add(name)
    addInstants(metric, dates, times, add)
  }
  for (const window of dedupe(windows)) addWindow(window, dates, add)
  for (const statement of statements) {
    const found = findTextDates(statement)
    for (const { days, time } of found) {
      if (time !== null) times.add(time)
      named.push(...days)
    }
    const plain = blank(blank(statement, found), spansOfNames(statement, names))
    for (const each of findNumbers(plain)) add(each.kind ?? 'count', each.value * each.factor, each.value)
  }
  return { numbers, dates, days: named, times, names: [...names].sort((a, b) => b.length - a.length) }
}

/** Where names stand in a text, whole: what a name holds is nobody's figure. */
export function spansOfNames(
  text: string,
  names: Iterable<string>,
): { readonly start: number; readonly end: number }[] {
  const spans: { start: number; end: number }[] = []
  const lower = text.toLowerCase()
  if (lower.length !== text.length) return spans
  for (const name of names) {
    const wanted = name.toLowerCase()
    for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, at + wanted.length)) {
      const end = at + wanted.length
      if (!PART_OF_WORD.test(lower[at - 1] ?? '') && !PART_OF_WORD.test(lower[end] ?? ''))
        spans.push({ start: at, end })
    }
  }
  return spans
}

/** Where a metric points to: its local time, and the end of the 15, 30 or 60 minutes that a peak lasts. */
function addInstants(
  metric: Metric,
  dates: Set<string>,
  times: Set<string>,
  add: (kind: string, value: number, plain?: number) => void,
): void {
  const minutes = Number(/_(\d+)m$/.exec(metric.name)?.[1] ?? (metric.bucket === 'hour' ? 60 : 0))
  if (minutes > 0) add('time', minutes / 60, minutes)
  if (metric.at === null) return
  const at = Date.parse(metric.at)
  if (Number.isNaN(at)) return
  for (const instant of [at, at + minutes * 60_000]) {
    const { date, hour, minute } = localParts(instant, metric.window.timeZone)
    dates.add(date)
    times.add(`${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`)
  }
}

function addWindow(
  window: TimeWindow,
  dates: Set<string>,
  add: (kind: string, value: number, plain?: number) => void,
): void {
  const start = Date.parse(window.start)
  const end = Date.parse(window.end)
  if (!(end > start)) return
  const first = localParts(start, window.timeZone).date
  const last = localParts(end - 1, window.timeZone).date
  const days = countDays(first, last)
  add('time', windowHours(window))
  add('time', days * 24, days)
  add('count', days)
  for (let i = 0; i <= Math.min(days, MOST_DAYS); i++) dates.add(addDays(first, i))
}

function dedupe(windows: readonly TimeWindow[]): TimeWindow[] {
  return [...new Map(windows.map((window) => [`${window.start} ${window.end}`, window])).values()]
}
