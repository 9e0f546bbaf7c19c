import type { LocalDates } from '../turn.ts'
import { addMonths, isWholeMonth, monthOf } from './calendar.ts'
import { addDays, countDays } from './zone.ts'

const UNIT = '(day|night|week|weekend|month|year|period|time|days|weeks)'
/** `the week before`, `the previous period`, `the days before that`; not `the week before last`, which is a date. */
const BEFORE = new RegExp(
  `\\b(?:the|a|one)\\s+(?:(?:\\d+|same)\\s+)?${UNIT}\\s+(?:(?:right|just)\\s+)?(?:before|earlier|prior)\\b(?!\\s+(?:last|yesterday)\\b)`,
  'i',
)
const PREVIOUS = new RegExp(`\\b(?:the|its)\\s+(?:previous|preceding|prior)\\s+(?:one|${UNIT})\\b`, 'i')
const BEFORE_THAT = /\b(?:than|with|to|and|what\s+about|how\s+about)\s+before\b|\bbefore\s+that\b/i
const YEAR_BACK =
  /\bsame\s+(?:\w+\s+){1,3}(?:(?:of|in)\s+)?(?:the\s+)?(?:last|previous|prior)\s+year\b|\b(?:a|one)\s+year\s+(?:ago|earlier|before)\b|\bthis\s+time\s+last\s+year\b|\byear\s+(?:over|on)\s+year\b/i
/** From so many days on, a period counts as a year of its own. */
const YEAR_LIKE = 300

/** As many days right before; of a whole calendar month the whole month before. */
export function previousDates(base: LocalDates): LocalDates {
  if (isWholeMonth(base)) return monthOf(addDays(base.start, -1))
  const days = countDays(base.start, base.end)
  return { start: addDays(base.start, -days), end: addDays(base.start, -1) }
}

/**
 * What a question holds `base` against: a period relative to it, else the one that the text names (`named`). One that
 * overlaps `base` means the days right before it. Null when the text compares with nothing.
 */
export function compareDates(
  text: string,
  base: LocalDates,
  named: { readonly dates: LocalDates; readonly phrase: string } | null,
): LocalDates | null {
  if (YEAR_BACK.test(text)) return shiftMonths(base, -12)
  if (named) {
    const days = countDays(base.start, base.end)
    if (/^(?:the\s+)?(?:last|previous|prior)\s+year$/i.test(named.phrase) && days < YEAR_LIKE)
      return shiftMonths(base, -12)
    const overlaps = named.dates.start <= base.end && named.dates.end >= base.start
    return overlaps ? previousDates(base) : named.dates
  }
  const unit = (BEFORE.exec(text)?.[1] ?? PREVIOUS.exec(text)?.[1])?.toLowerCase()
  if (unit !== undefined) return before(base, unit)
  return BEFORE_THAT.test(text) || PREVIOUS.test(text) ? previousDates(base) : null
}

/** The unit before the base: as many days right before it, or the same days one whole unit back. */
function before(base: LocalDates, unit: string): LocalDates {
  const days = countDays(base.start, base.end)
  if (unit === 'year') return shiftMonths(base, -12)
  if (unit === 'month' && days < 28) return shiftMonths(base, -1)
  if ((unit === 'week' || unit === 'weekend') && days < 7)
    return { start: addDays(base.start, -7), end: addDays(base.end, -7) }
  return previousDates(base)
}

function shiftMonths(base: LocalDates, months: number): LocalDates {
  if (isWholeMonth(base)) return monthOf(addMonths(base.start, months))
  return { start: addMonths(base.start, months), end: addMonths(base.end, months) }
}
