import type { LocalDates } from '../turn.ts'
import { dateOf, monthDates, partsOf } from './calendar.ts'

/** What a date phrase is read against; all local dates of the home. */
export interface PhraseContext {
  readonly today: string
  readonly dataStart: string
  readonly dataEnd: string
  /** US order for `3/4/2012`. */
  readonly monthFirst: boolean
}

/** A calendar date or month as it was written, the year where one was. */
export interface NamedDate {
  readonly year: number | null
  readonly month: number
  readonly day: number | null
}

/** A phrase in a text that means a range of days. `from` and `to` are offsets into the text. */
export interface Mention {
  readonly from: number
  readonly to: number
  readonly dates: LocalDates
  /** Set for calendar dates: within a range they can lend each other a year. */
  readonly named: NamedDate | null
}

/** A form of words: a sticky pattern, and what a match of it means (null when it means nothing after all). */
export interface Form {
  readonly pattern: RegExp
  read(match: RegExpExecArray, context: PhraseContext): { dates: LocalDates; named?: NamedDate } | null
}

/** Makes a sticky, case-blind pattern of a source. Blanks in the source match any white space. */
export function pattern(source: string): RegExp {
  return new RegExp(source.replaceAll(' ', '\\s+'), 'iy')
}

/** The days of a date or month with its year; null where the calendar has none. */
export function datesIn(year: number, { month, day }: NamedDate): LocalDates | null {
  if (day === null) return monthDates(year, month)
  const date = dateOf(year, month, day)
  return date === null ? null : { start: date, end: date }
}

/**
 * The days that a date or month means. Without a year it is the latest one that has begun by today and meets the
 * home's data; where none does, the latest that has begun. Null where the calendar has no such date.
 */
export function resolveNamed(named: NamedDate, context: PhraseContext): LocalDates | null {
  if (named.year !== null) return datesIn(named.year, named)
  const { year } = partsOf(context.today)
  let latest: LocalDates | null = null
  for (let back = 0; back <= 40; back++) {
    const dates = datesIn(year - back, named)
    if (!dates || dates.start > context.today) continue
    if (dates.start <= context.dataEnd && dates.end >= context.dataStart) return dates
    latest ??= dates
  }
  return latest
}

/** All phrases that one of the forms matches, in order and not overlapping; of several at one place the longest. */
export function scan(text: string, forms: readonly Form[], context: PhraseContext): Mention[] {
  const mentions: Mention[] = []
  const starts =
    /(?<![\p{L}\p{N}_.,:-])(?=[\p{L}\p{N}])|(?<=[^\p{N}][-–—])(?=[\p{L}\p{N}])|(?<=[,.:])(?=\p{L})/gu
  let reached = 0
  for (const { index } of text.matchAll(starts)) {
    if (index < reached) continue
    let best: Mention | null = null
    for (const form of forms) {
      form.pattern.lastIndex = index
      const match = form.pattern.exec(text)
      if (!match || (best && match[0].length <= best.to - best.from)) continue
      const read = form.read(match, context)
      if (read && read.dates.start <= read.dates.end)
        best = { from: index, to: index + match[0].length, dates: read.dates, named: read.named ?? null }
    }
    if (best) {
      mentions.push(best)
      reached = best.to
    }
  }
  return mentions
}
