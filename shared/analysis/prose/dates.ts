const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const MONTH =
  '(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\\.?'
const DAY = '(\\d{1,2})(?:st|nd|rd|th)?'
const TO = '\\s*(?:-|–|—|to|and|until|through)\\s*(?:the\\s+)?'
const YEAR = '(?:,?\\s+((?:19|20)\\d\\d))?(?![\\d.,]\\d)'

/** A day as a text names it; the year where it says one, the day null for a month with its year. */
export interface DayInText {
  readonly year: number | null
  readonly month: number | null
  readonly day: number | null
}

/** A date or time in a text. `time` is `HH:MM`. */
export interface DateInText {
  readonly start: number
  readonly end: number
  readonly text: string
  readonly days: readonly DayInText[]
  readonly time: string | null
}

interface Form {
  readonly pattern: RegExp
  days(match: RegExpExecArray): DayInText[]
  time?(match: RegExpExecArray): string
}

const number = (text: string | undefined) => (text === undefined ? null : Number(text))
const month = (name: string | undefined) => MONTHS.indexOf((name ?? '').slice(0, 3).toLowerCase()) + 1
const form = (source: string, days: Form['days']): Form => ({
  pattern: new RegExp(`(?<![\\p{L}\\p{N}.,_])${source}`, 'giu'),
  days,
})

const FORMS: readonly Form[] = [
  form(`(\\d{4})-(\\d\\d)-(\\d\\d)(?![\\p{N}])`, (m) => [
    { year: Number(m[1]), month: Number(m[2]), day: Number(m[3]) },
  ]),
  form(`(\\d\\d?)\\.(\\d\\d?)\\.(\\d{4})(?!\\d)`, (m) => [
    { year: Number(m[3]), month: Number(m[2]), day: Number(m[1]) },
  ]),
  form(`${DAY}${TO}${DAY}(?:\\s+of)?\\s+${MONTH}\\b${YEAR}`, (m) =>
    [m[1], m[2]].map((day) => ({ year: number(m[4]), month: month(m[3]), day: number(day) })),
  ),
  form(`${DAY}(?:\\s+of)?\\s+${MONTH}\\b${YEAR}`, (m) => [
    { year: number(m[3]), month: month(m[2]), day: number(m[1]) },
  ]),
  form(`${MONTH}\\s+${DAY}${TO}${DAY}(?![\\d.,:]\\d|\\d|\\s*(?:%|k?Wh?\\b))${YEAR}`, (m) =>
    [m[2], m[3]].map((day) => ({ year: number(m[4]), month: month(m[1]), day: number(day) })),
  ),
  form(`${MONTH}\\s+${DAY}(?![\\d.,:]\\d|\\d|\\s*(?:%|k?Wh?\\b))${YEAR}`, (m) => [
    { year: number(m[3]), month: month(m[1]), day: number(m[2]) },
  ]),
  form(`${MONTH}\\s+((?:19|20)\\d\\d)(?![\\d.,]\\d|\\d)`, (m) => [
    { year: Number(m[2]), month: month(m[1]), day: null },
  ]),
  form(
    `(?<=\\b(?:in|of|during|for|year|since|from|to|until|and)\\s)((?:19|20)\\d\\d)(?![\\d.,]\\d|\\d|\\s*(?:%|k?Wh?\\b|[A-Z]{3}\\b))`,
    (m) => [{ year: Number(m[1]), month: null, day: null }],
  ),
  {
    pattern: /(?<=\d)T(\d\d):(\d\d)(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?/gu,
    days: () => [],
    time: (m) => clock(Number(m[1]), m[2]!, undefined),
  },
  {
    pattern:
      /(?<![\p{L}\p{N}.,:_])(\d{1,2}):([0-5]\d)(?::[0-5]\d(?:\.\d+)?)?(?:\s*([ap])\.?m\b\.?)?(?!\d)/giu,
    days: () => [],
    time: (m) => clock(Number(m[1]), m[2]!, m[3]),
  },
  {
    pattern: /(?<![\p{L}\p{N}.,_:])(1[0-2]|[1-9])\s?([ap])\.?m\b\.?/giu,
    days: () => [],
    time: (m) => clock(Number(m[1]), '00', m[2]),
  },
]

function clock(hour: number, minute: string, half: string | undefined): string {
  let hours = hour
  if (half !== undefined) hours = (hour % 12) + (half.toLowerCase() === 'p' ? 12 : 0)
  return `${String(hours).padStart(2, '0')}:${minute}`
}

/** All dates and times that a text names, the longest form at each place, in order of the forms. */
export function findTextDates(text: string): DateInText[] {
  const found: DateInText[] = []
  for (const { pattern, days, time } of FORMS)
    for (const match of text.matchAll(pattern)) {
      const start = match.index
      const end = start + match[0].length
      if (found.some((other) => start < other.end && end > other.start)) continue
      const named = days(match).filter((day) => (day.day ?? 1) <= 31 && (day.day ?? 1) >= 1)
      found.push({ start, end, text: match[0], days: named, time: time ? time(match) : null })
    }
  return found.sort((a, b) => a.start - b.start)
}

/** The text with these spans blanked out, offsets kept. */
export function blank(
  text: string,
  spans: readonly { readonly start: number; readonly end: number }[],
): string {
  let out = text
  for (const { start, end } of spans) out = out.slice(0, start) + ' '.repeat(end - start) + out.slice(end)
  return out
}
