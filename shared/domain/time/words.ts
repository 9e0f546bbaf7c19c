/** Pieces of regular expressions for English dates; all are used without regard to case. */
export const MONTH =
  '(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\\b\\.?'
export const DAY = '(?:0?[1-9]|[12]\\d|3[01])(?:st|nd|rd|th)?\\b'
export const YEAR = '(?:19|20)\\d\\d\\b'
/** Without `sat`, `sun` and the like, which are words of their own in a home with solar panels. */
export const WEEKDAY =
  '(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tues?|thu(?:rs)?|fri)\\b(?!-)'
const SMALL = [
  'zero one two three four five six seven eight nine ten',
  'eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty',
]
  .join(' ')
  .split(' ')
const TENS: Readonly<Record<string, number>> = { thirty: 30, forty: 40, fifty: 50, sixty: 60, ninety: 90 }
const VAGUE: Readonly<Record<string, number>> = { a: 1, an: 1, few: 3, several: 3, couple: 2 }
export const COUNT = `(?:\\d{1,4}|${[...SMALL.slice(1), ...Object.keys(TENS)].join('|')}|an?\\s+couple\\s+of|couple\\s+of|couple|a\\s+few|few|several|an?)`

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

/** 1–12 for a name that `MONTH` matches. */
export function monthNumber(name: string): number {
  return MONTHS.indexOf(name.slice(0, 3).toLowerCase()) + 1
}

/** 1 Monday … 7 Sunday for a name that `WEEKDAY` matches. */
export function weekdayNumber(name: string): number {
  return WEEKDAYS.indexOf(name.slice(0, 3).toLowerCase()) + 1
}

/** The number that a text for which `COUNT` matches stands for. */
export function countOf(text: string): number {
  const digits = Number.parseInt(text, 10)
  if (!Number.isNaN(digits)) return digits
  const words = text.toLowerCase().split(/\s+/)
  for (const word of words.toReversed()) {
    const small = SMALL.indexOf(word)
    if (small >= 0) return small
    const other = TENS[word] ?? VAGUE[word]
    if (other !== undefined) return other
  }
  return 1
}
