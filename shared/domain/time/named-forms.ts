import { dateOf, monthDates, weekOf, yearDates } from './calendar.ts'
import { datesIn, type Form, type NamedDate, type PhraseContext, pattern, resolveNamed } from './mention.ts'
import { COUNT, countOf, DAY, MONTH, monthNumber, YEAR } from './words.ts'
import { addDays } from './zone.ts'

const UNIT =
  '(?!\\s*(?:[kMG]?W\\b|[kMG]?Wh\\b|watts?\\b|%|h\\b|hours?\\b|days?\\b|€|\\$|£|eur|usd|gbp|chf|cents?\\b|°|[-.,:/]\\d))'
const DASH = '\\s*(?:-|–|—|to|until|till|through|thru|and)\\s*'
/** Words after which a bare year, or `may` and short month names, are read as a date. */
const LEAD =
  '(?<=\\b(?:in|of|during|for|since|from|to|until|till|through|between|and|than|with|against|versus|vs\\.?|last|this|year|whole|all|compare|early|late|mid)\\s+|[-–—]\\s*|^\\s*)'

const number = (text: string | undefined) => (text === undefined ? null : Number.parseInt(text, 10))

function one(named: NamedDate, context: PhraseContext) {
  const dates = resolveNamed(named, context)
  return dates && { dates, named }
}

/** Two days of one month: `3 to 9 May 2012`. */
function daysOfMonth(
  month: number,
  year: number | null,
  first: number,
  last: number,
  context: PhraseContext,
) {
  const end = resolveNamed({ year, month, day: last }, context)
  const start = end && dateOf(Number(end.end.slice(0, 4)), month, first)
  return start && end ? { dates: { start, end: end.end } } : null
}

/** Dates of the calendar: ISO, day and month in both orders, months, years, and ranges within one month. */
export const NAMED_FORMS: readonly Form[] = [
  {
    pattern: pattern('(\\d{4})-(\\d\\d)-(\\d\\d)(?:T[\\d:.]+(?:Z|[+-]\\d\\d:?\\d\\d)?)?(?!\\d)'),
    read: (m, context) => one({ year: Number(m[1]), month: Number(m[2]), day: Number(m[3]) }, context),
  },
  {
    pattern: pattern('(\\d{4})-(0[1-9]|1[0-2])(?![-\\d])'),
    read: (m, context) => one({ year: Number(m[1]), month: Number(m[2]), day: null }, context),
  },
  {
    pattern: pattern(`(\\d\\d?)\\.(\\d\\d?)\\.((?:19|20)\\d\\d)(?!\\d)`),
    read: (m, context) => one({ year: Number(m[3]), month: Number(m[2]), day: Number(m[1]) }, context),
  },
  {
    pattern: pattern(`(\\d\\d?)/(\\d\\d?)/((?:19|20)\\d\\d)(?!\\d)`),
    read: (m, context) => {
      const [a, b, year] = [Number(m[1]), Number(m[2]), Number(m[3])]
      const usual = context.monthFirst ? { month: a, day: b } : { month: b, day: a }
      const other = { month: usual.day, day: usual.month }
      return one({ year, ...(usual.month <= 12 ? usual : other) }, context)
    },
  },
  {
    pattern: pattern(`(?:the )?(${DAY})(?: of)? (?:the )?(${MONTH})(?:(?:,|\\s+of)?\\s+(${YEAR}))?`),
    read: (m, context) => one({ year: number(m[3]), month: monthNumber(m[2]!), day: number(m[1]) }, context),
  },
  {
    pattern: pattern(`(${MONTH}) (?:the )?(${DAY})(?!\\s*(?:%|kWh|kW|W)\\b)(?:,?\\s+(${YEAR}))?`),
    read: (m, context) => one({ year: number(m[3]), month: monthNumber(m[1]!), day: number(m[2]) }, context),
  },
  {
    pattern: pattern(
      `(?:from )?(?:the )?(${DAY})${DASH}(?:the )?(${DAY})(?: of)? (${MONTH})(?:,?\\s+(${YEAR}))?`,
    ),
    read: (m, context) =>
      daysOfMonth(
        monthNumber(m[3]!),
        number(m[4]),
        Number.parseInt(m[1]!, 10),
        Number.parseInt(m[2]!, 10),
        context,
      ),
  },
  {
    pattern: pattern(
      `(?:from )?(${MONTH}) (?:the )?(${DAY})${DASH}(?:the )?(${DAY})(?! ${MONTH})(?:,?\\s+(${YEAR}))?`,
    ),
    read: (m, context) =>
      daysOfMonth(
        monthNumber(m[1]!),
        number(m[4]),
        Number.parseInt(m[2]!, 10),
        Number.parseInt(m[3]!, 10),
        context,
      ),
  },
  {
    pattern: pattern(`(?:last |this )?(${MONTH})(?:,|\\s+of)?\\s+(${YEAR})`),
    read: (m, context) => one({ year: number(m[2]), month: monthNumber(m[1]!), day: null }, context),
  },
  {
    pattern: pattern(`(?:last |this )?((?!may\\b)(?:${MONTH})(?<=[a-z]{4,}))`),
    read: (m, context) => one({ year: null, month: monthNumber(m[1]!), day: null }, context),
  },
  {
    pattern: pattern(`${LEAD}(?:last |this )?(${MONTH})(?! (?:i|we|you|it|they|be)\\b)`),
    read: (m, context) => one({ year: null, month: monthNumber(m[1]!), day: null }, context),
  },
  {
    pattern: pattern(
      `(?:the )?(first|last)(?: (${COUNT}))? (day|week)s? (?:of|in) (${MONTH})(?:,?\\s+(${YEAR}))?`,
    ),
    read: (m, context) => {
      const month = resolveNamed({ year: number(m[5]), month: monthNumber(m[4]!), day: null }, context)
      if (!month) return null
      const days = countOf(m[2] ?? 'one') * (m[3]!.toLowerCase() === 'week' ? 7 : 1)
      const first = m[1]!.toLowerCase() === 'first'
      const start = first ? month.start : addDays(month.end, 1 - days)
      return { dates: { start, end: first ? addDays(month.start, days - 1) : month.end } }
    },
  },
  {
    pattern: pattern(`(?:the )?week of (?:the )?(${DAY})(?: of)? (${MONTH})(?:,?\\s+(${YEAR}))?`),
    read: (m, context) => {
      const day = resolveNamed({ year: number(m[3]), month: monthNumber(m[2]!), day: number(m[1]) }, context)
      return day && { dates: weekOf(day.start) }
    },
  },
  {
    pattern: pattern(`${LEAD}(?:the )?(?:year )?(?:of )?(${YEAR})${UNIT}`),
    read: (m) => ({ dates: yearDates(Number(m[1])) }),
  },
  {
    pattern: pattern(
      `(?:the )?(?:whole|entire|full|all)(?: of)?(?: the)?(?: year)?(?: of)? (${YEAR})${UNIT}`,
    ),
    read: (m) => ({ dates: yearDates(Number(m[1])) }),
  },
  {
    pattern: pattern(`Q([1-4])(?: of)? (${YEAR})`),
    read: (m) => {
      const last = Number(m[1]) * 3
      const year = Number(m[2])
      return { dates: { start: monthDates(year, last - 2).start, end: monthDates(year, last).end } }
    },
  },
]

/**
 * Joins two calendar dates to a range; the one without a year takes it from the other, so that the range is the
 * shortest that runs forward. Null where it cannot.
 */
export function joinNamed(
  a: NamedDate,
  b: NamedDate,
  context: PhraseContext,
): { start: string; end: string } | null {
  if (a.year !== null && b.year === null) {
    const start = datesIn(a.year, a)?.start
    if (start === undefined) return null
    for (const year of [a.year, a.year + 1]) {
      const end = datesIn(year, b)?.end
      if (end !== undefined && end >= start) return { start, end }
    }
    return null
  }
  const end = resolveNamed(b, context)?.end
  if (end === undefined) return null
  const endYear = Number(end.slice(0, 4))
  for (const year of a.year === null ? [endYear, endYear - 1] : [a.year]) {
    const start = datesIn(year, a)?.start
    if (start !== undefined && start <= end) return { start, end }
  }
  return null
}
