import type { LocalDates } from '../turn.ts'
import { addMonths, monthDates, monthOf, partsOf, weekOf, yearDates } from './calendar.ts'
import { type Form, type PhraseContext, pattern } from './mention.ts'
import { COUNT, countOf, MONTH, WEEKDAY, weekdayNumber } from './words.ts'
import { addDays, weekdayOf } from './zone.ts'

/** The n full days before today. */
export function lastDays(today: string, n: number): LocalDates {
  return { start: addDays(today, -Math.min(36_500, Math.max(1, n))), end: addDays(today, -1) }
}

const oneDay = (date: string): LocalDates => ({ start: date, end: date })
const today = ({ today }: PhraseContext) => ({ dates: oneDay(today) })

/** The unit n times back in the calendar: weeks from Monday, months, quarters and years from their first day. */
function calendarUnit(unit: string, n: number, { today }: PhraseContext): LocalDates {
  const back = Math.min(n, 1_000)
  switch (unit) {
    case 'week':
      return weekOf(addDays(today, -7 * back))
    case 'month':
      return monthOf(addMonths(monthOf(today).start, -back))
    case 'quarter': {
      const first = addMonths(monthOf(today).start, -((partsOf(today).month - 1) % 3) - 3 * back)
      return { start: first, end: monthOf(addMonths(first, 2)).end }
    }
    case 'year':
      return yearDates(partsOf(today).year - Math.min(back, 100))
    default:
      return oneDay(addDays(today, -back))
  }
}

/** The last n units up to yesterday: full days, weeks of 7 days, months and years by the calendar's day. */
function rolling(unit: string, n: number, { today }: PhraseContext): LocalDates {
  const months = { month: 1, quarter: 3, year: 12 }[unit]
  if (months !== undefined)
    return { start: addMonths(today, -months * Math.min(n, 100)), end: addDays(today, -1) }
  if (unit === 'hour' || unit === 'minute') {
    const days = Math.round(n / (unit === 'hour' ? 24 : 1_440))
    return days === 0 ? oneDay(today) : lastDays(today, days)
  }
  return lastDays(today, unit === 'week' ? 7 * n : n)
}

/** The latest such weekday before today. */
function lastWeekday(weekday: number, { today }: PhraseContext): string {
  return addDays(today, -((weekdayOf(today) - weekday + 6) % 7) - 1)
}

/** Saturday and Sunday: the latest that are over, or for `this` the one that has begun. */
function weekend(which: string, { today }: PhraseContext): LocalDates {
  const day = weekdayOf(today)
  if (which !== 'last' && day >= 6) return { start: addDays(today, 6 - day), end: today }
  const saturday = addDays(weekOf(today).start, -2)
  return { start: saturday, end: addDays(saturday, 1) }
}

const UNITS = '(minute|hour|day|night|week|month|quarter|year)'
const lower = (text: string | undefined) => (text ?? '').toLowerCase()

/** Times relative to today, and those that mean all the data. */
export const RELATIVE_FORMS: readonly Form[] = [
  { pattern: pattern('(?:today|tonight|this (?:morning|afternoon|evening))\\b'), read: (_, c) => today(c) },
  { pattern: pattern('yesterday\\b'), read: (_, c) => ({ dates: oneDay(addDays(c.today, -1)) }) },
  {
    pattern: pattern('(?:the )?day before yesterday\\b'),
    read: (_, c) => ({ dates: oneDay(addDays(c.today, -2)) }),
  },
  {
    pattern: pattern('last night\\b'),
    read: (_, c) => ({ dates: { start: addDays(c.today, -1), end: c.today } }),
  },
  {
    // "the last 3 days", "past two weeks", "previous 30 nights"
    pattern: pattern(
      `(?:the |these |this )?(?:last|past|previous|prior|latest) (${COUNT})(?:\\s+|-)(?:full |whole |complete )?${UNITS}s?\\b`,
    ),
    read: (m, c) => ({ dates: rolling(lower(m[2]), countOf(m[1]!), c) }),
  },
  {
    // A calendar week, month or year: "last week", "the previous month"
    pattern: pattern('(?:the )?(?:previous|prior) (week|month|quarter|year)\\b(?! before)'),
    read: (m, c) => ({ dates: calendarUnit(lower(m[1]), 1, c) }),
  },
  {
    pattern: pattern('last (week|month|quarter|year)\\b'),
    read: (m, c) => ({ dates: calendarUnit(lower(m[1]), 1, c) }),
  },
  {
    // The days that have just gone by: "the last week", "the past month", "past year", "last 24 hours"
    pattern: pattern(`(?:(?:the |this )(?:last|past)|past) ${UNITS}\\b`),
    read: (m, c) => ({ dates: rolling(lower(m[1]), 1, c) }),
  },
  {
    // What something takes in a year shows in the year that has just gone by.
    pattern: pattern('(?:(?:per|each|every|in a) year|annually|yearly|per annum)\\b'),
    read: (_, c) => ({ dates: rolling('year', 1, c) }),
  },
  {
    pattern: pattern('this (week|month|quarter|year)\\b'),
    read: (m, c) => ({ dates: { start: calendarUnit(lower(m[1]), 0, c).start, end: c.today } }),
  },
  {
    pattern: pattern('(?:the )?(week|month|year) before last\\b'),
    read: (m, c) => ({ dates: calendarUnit(lower(m[1]), 2, c) }),
  },
  {
    pattern: pattern(`(${COUNT}) (day|week|month|year)s? ago\\b`),
    read: (m, c) => ({ dates: calendarUnit(lower(m[2]), countOf(m[1]!), c) }),
  },
  {
    pattern: pattern('(last|this|the|past) weekend\\b(?! (?:before|earlier|prior))(?!.*\\bweekdays?\\b)'),
    read: (m, c) => ({ dates: weekend(lower(m[1]), c) }),
  },
  {
    pattern: pattern(
      `(?<!\\b(?:every|each|most|any)\\s+)(?:last |this |past )?(${WEEKDAY})(?! (?:of )?last week|,? (?:the )?(?:\\d|${MONTH}))`,
    ),
    read: (m, c) => ({ dates: oneDay(lastWeekday(weekdayNumber(m[1]!), c)) }),
  },
  {
    pattern: pattern(`(${WEEKDAY}) (?:of )?last week\\b`),
    read: (m, c) => ({
      dates: oneDay(addDays(calendarUnit('week', 1, c).start, weekdayNumber(m[1]!) - 1)),
    }),
  },
  {
    pattern: pattern(`last week'?s (${WEEKDAY})`),
    read: (m, c) => ({
      dates: oneDay(addDays(calendarUnit('week', 1, c).start, weekdayNumber(m[1]!) - 1)),
    }),
  },
  {
    pattern: pattern(
      '(?:the |an? )?(?:whole|entire|full) (day|week|month|quarter|year)\\b(?! (?:of )?(?:19|20)\\d\\d)',
    ),
    read: (m, c) => ({ dates: rolling(lower(m[1]), 1, c) }),
  },
  {
    pattern: pattern(
      '(?:all(?: of)? (?:the |my |our |your |available |this |recorded |existing )*(?:data|history|records|readings)\\b|(?:of )?all[- ]time\\b' +
        '|(?:the |my |our |your )?(?:whole|entire|complete|full|all) (?:(?:data|recorded|available|measured) )?(?:data|data ?set|history|period|range|record|time|file)\\b' +
        '|everything (?:you|we|there)\\b|(?:since|from) (?:the )?(?:very )?(?:beginning|start)(?: of (?:the |my |our )?(?:data|records?|time|measurements?)\\b|(?! of)\\b)|ever\\b(?! since))',
    ),
    read: (_, c) => ({ dates: { start: c.dataStart, end: c.dataEnd } }),
  },
  {
    pattern: pattern('since (?:the )?(?:start|beginning) of (?:the|this) (week|month|quarter|year)\\b'),
    read: (m, c) => ({ dates: { start: calendarUnit(lower(m[1]), 0, c).start, end: c.today } }),
  },
  {
    pattern: pattern('year to date\\b|so far this year\\b'),
    read: (_, c) => ({ dates: { start: yearDates(partsOf(c.today).year).start, end: c.today } }),
  },
  {
    pattern: pattern('month to date\\b|so far this month\\b'),
    read: (_, c) => {
      const { year, month } = partsOf(c.today)
      return { dates: { start: monthDates(year, month).start, end: c.today } }
    },
  },
]
