import type { LocalDates } from '../turn.ts'
import { compareDates } from './comparison.ts'
import { type Mention, type PhraseContext, scan } from './mention.ts'
import { joinNamed, NAMED_FORMS } from './named-forms.ts'
import { lastDays, RELATIVE_FORMS } from './relative-forms.ts'
import { SEASON_FORMS } from './season-forms.ts'
import { addDays, localParts } from './zone.ts'

const FORMS = [...RELATIVE_FORMS, ...SEASON_FORMS, ...NAMED_FORMS]
const RANGE =
  /^\s*(?:,\s*)?(?:to|until|till|through|thru|up\s+to|-|–|—|\/|\.\.+)\s*(?:and\s+including\s+)?(?:the\s+)?$/i
const AND = /^\s*(?:and|&|,)\s*(?:the\s+|in\s+|on\s+)?$/i
const BETWEEN = /(?<!difference\s)\bbetween\s+(?:the\s+)?$/i
const SINCE =
  /\b(?:since|starting|beginning)\s+(?:on\s+|from\s+|in\s+)?(?:the\s+)?(?:(?:start|beginning)\s+of\s+(?:the\s+)?)?$/i
const ONWARDS = /^\s*(?:on(?:wards?)?|forward)\b/i
const UNTIL = /\b(?:until|till|up\s+to)\s+(?:the\s+)?$/i
const COMPARED =
  /\b(?:than|versus|vs\.?|against|(?:compared?|comparison|comparing)\s+(?:it\s+|that\s+|this\s+)?(?:with|to|against)|relative\s+to|opposed\s+to)\s+(?:(?:it|that|what|those|these|was|were|is|of|in|on|during|for|from|over|at|the|my|our|same|time|days?|weeks?|weekend|months?|period)\s+)*$/i
const COMPARE = /\b(?:compar(?:e|ing|ison)|difference\s+between|differ(?:ence|s|ed)?)\b/i
const JOINED = /^[^.?!;]*?\b(?:with|to|against|versus|vs\.?|and|from)\s/i

/** Milliseconds since the epoch between which the home has data. */
interface DataRange {
  readonly start: number
  readonly end: number
}

/** The last 7 full local days before now: what a question without a time means. */
export function defaultDates(now: number, zone: string): LocalDates {
  return lastDays(localParts(now, zone).date, 7)
}

/**
 * Reads the time that an English question is about, by rule: relative words (yesterday, last week, the past 3 days, all
 * the data), named days, months and years, and ranges of them. Dates are local to the zone, both ends included, and in
 * order. A month or day without a year is its latest occurrence within the data; `last week` is Monday to Sunday, `the
 * last week` the last 7 full days. What a period is only compared with does not count. Null when no time is named.
 */
export function findDates(
  text: string,
  now: number,
  zone: string,
  data: DataRange,
): { dates: LocalDates; phrase: string } | null {
  const { asked } = readPeriods(text, contextOf(now, zone, data))
  return asked && { dates: asked.dates, phrase: text.slice(asked.from, asked.to) }
}

/**
 * Reads what the question wants its period (`base`) held against: `than last month`, `compared with March`, `the week
 * before`, `the same week last year`. Relative words count from `base`, and give as many days. Null when it names none.
 */
export function findComparison(
  text: string,
  now: number,
  zone: string,
  data: DataRange,
  base: LocalDates,
): LocalDates | null {
  const { compared } = readPeriods(text, contextOf(now, zone, data))
  return compareDates(
    text,
    base,
    compared && { dates: compared.dates, phrase: text.slice(compared.from, compared.to) },
  )
}

function contextOf(now: number, zone: string, data: DataRange): PhraseContext {
  const dataStart = localParts(Math.min(data.start, data.end), zone).date
  return {
    today: localParts(now, zone).date,
    dataStart,
    dataEnd: localParts(Math.max(data.start, data.end - 1), zone).date,
    monthFirst: zone.startsWith('America/'),
  }
}

interface Periods {
  readonly asked: Mention | null
  readonly compared: Mention | null
}

/** The first period of the text that is asked about, and the first that it is compared with. */
function readPeriods(text: string, context: PhraseContext): Periods {
  const comparing = COMPARE.test(text)
  const periods = joinRanges(text, scan(text, FORMS, context), context, comparing)
  let asked: Mention | null = null
  let compared: Mention | null = null
  for (const period of periods) {
    const before = text.slice(0, period.from)
    const afterAsked = asked !== null && comparing && JOINED.test(text.slice(asked.to, period.from))
    if (COMPARED.test(before) || afterAsked) compared ??= period
    else asked ??= period
  }
  if (asked === null && comparing && periods.length > 1 && compared !== null) {
    const [first, second] = periods
    return { asked: first ?? null, compared: second ?? null }
  }
  return { asked, compared }
}

/** Joins mentions to ranges (`A to B`, `between A and B`, `since A`); in a comparison `A to B` is two periods. */
function joinRanges(
  text: string,
  mentions: readonly Mention[],
  context: PhraseContext,
  comparing: boolean,
): Mention[] {
  const named = comparing && /\b(?:with|against|versus|vs\.?)\s/i.test(text)
  const periods: Mention[] = []
  for (let i = 0; i < mentions.length; i++) {
    const mention = mentions[i]!
    const next = mentions[i + 1]
    const before = text.slice(0, mention.from)
    const between = next ? text.slice(mention.to, next.from) : ''
    const isRange = RANGE.test(between) && (!comparing || named || /\bfrom\s+(?:the\s+)?$/i.test(before))
    const isPair = AND.test(between) && BETWEEN.test(before)
    if (next && (isRange || isPair || (!comparing && AND.test(between) && follows(mention, next)))) {
      const dates = rangeOf(mention, next, context)
      if (dates) {
        periods.push({ from: mention.from, to: next.to, dates, named: null })
        i++
        continue
      }
    }
    periods.push(openRange(text, mention, context))
  }
  return periods
}

const follows = (a: Mention, b: Mention) => addDays(a.dates.end, 1) === b.dates.start

function rangeOf(a: Mention, b: Mention, context: PhraseContext): LocalDates | null {
  if (a.named && b.named) return joinNamed(a.named, b.named, context)
  if (a.dates.start <= b.dates.end) return { start: a.dates.start, end: b.dates.end }
  // "Monday to Wednesday": each is the latest one, so Monday may need to be a week earlier.
  const start = addDays(a.dates.start, -7)
  return !a.named && start <= b.dates.end && a.dates.start === a.dates.end
    ? { start, end: b.dates.end }
    : null
}

/** `since A` runs to today, `until A` from the first day of data. */
function openRange(text: string, mention: Mention, context: PhraseContext): Mention {
  const before = text.slice(0, mention.from)
  const { start, end } = mention.dates
  const since =
    SINCE.test(before) || (/\bfrom\s+(?:the\s+)?$/i.test(before) && ONWARDS.test(text.slice(mention.to)))
  if (since && context.today >= start) return { ...mention, dates: { start, end: context.today } }
  if (UNTIL.test(before) && context.dataStart <= end)
    return { ...mention, dates: { start: context.dataStart, end } }
  return mention
}
