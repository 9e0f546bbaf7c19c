import { blank, type DateInText, type DayInText, findTextDates } from './prose/dates.ts'
import { type Fact, type KnownFacts, knownFacts, type ProseFacts, spansOfNames } from './prose/facts.ts'
import { findNumbers, type NumberInText } from './prose/numbers.ts'
import { sentencesOf } from './prose/sentences.ts'
import { sameKind } from './prose/units.ts'

/** A number, date or time of the prose that nothing in the ledger stands behind. Offsets are into the prose. */
export interface Unmatched {
  readonly text: string
  readonly start: number
  readonly end: number
}

const TINY = 1e-9

/**
 * Checks prose against the ledger: every number must be a ledger value after unit conversion and rounding to the decimals
 * it is said with (84.2 kWh for 84.2371, 3.2 kW for 3150 W, 12 % less for −12.4 %). Dates must lie in one of the windows,
 * clock times must be those that a metric points to; what a statement says may be said again; numerals inside names of the ledger, and counts in words, pass.
 */
export function checkProse(prose: string, facts: ProseFacts): { readonly unmatched: readonly Unmatched[] } {
  const known = knownFacts(facts)
  const text = blank(prose, spansOfNames(prose, known.names))
  const dates = findTextDates(text)
  const unmatched: Unmatched[] = []
  for (const date of dates) if (!isKnownDate(date, known)) unmatched.push(pick(date))
  for (const number of findNumbers(blank(text, dates)))
    if (!known.numbers.some((fact) => matches(number, fact))) unmatched.push(pick(number))
  return { unmatched: unmatched.sort((a, b) => a.start - b.start) }
}

/**
 * Takes out of the prose what holds an unmatched number: the sentence, or the whole list item, table row or line where
 * nothing else is left of it. The rest stays as it is.
 */
export function removeUnmatched(prose: string, unmatched: readonly Unmatched[]): string {
  if (unmatched.length === 0) return prose
  let out = ''
  let offset = 0
  for (const line of prose.split('\n')) {
    const end = offset + line.length
    const hits = unmatched.filter((each) => each.start < end && each.end > offset)
    const kept = hits.length === 0 ? line : withoutSentences(line, offset, hits)
    if (kept !== null) out += `${kept}\n`
    offset = end + 1
  }
  return out.replace(/\n{3,}/g, '\n\n').trim()
}

const pick = ({ text, start, end }: Unmatched): Unmatched => ({ text, start, end })

function isKnownDate(date: DateInText, known: KnownFacts): boolean {
  if (date.time !== null && !known.times.has(date.time)) return false
  return date.days.every((stated) => {
    for (const each of known.dates) {
      const [year, month, day] = each.split('-').map(Number)
      if (isWithin(stated, { year: year!, month: month!, day: day! })) return true
    }
    return known.days.some((day) => isWithin(stated, day))
  })
}

/** True when all that is stated of a day is so: its year, month and day as far as they are named. */
function isWithin(stated: DayInText, day: DayInText): boolean {
  return (
    (stated.year === null || stated.year === day.year) &&
    (stated.month === null || stated.month === day.month) &&
    (stated.day === null || stated.day === day.day)
  )
}

/** Signs are left aside: a change of −12.4 % is said as "12.4 % less". */
function matches(stated: NumberInText, fact: Fact): boolean {
  const half = 0.5 * 10 ** -stated.decimals
  const near = (value: number, factor: number) => {
    const said = Math.abs(stated.value) * factor
    const room = half * factor
    return Math.abs(Math.abs(value) - said) <= room * (1 + TINY) + TINY * said
  }
  if (stated.kind !== null) return sameKind(stated.kind, fact.kind) && near(fact.value, stated.factor)
  if (fact.kind === 'count') return near(fact.value, 1)
  if (fact.kind === 'share' && stated.decimals > 0 && near(fact.value, 1)) return true
  // Without a unit a small whole number would match almost anything, so it has to be the very value.
  const telling = stated.decimals > 0 || Math.abs(stated.value) >= 100
  return telling ? near(fact.plain, 1) : Math.abs(Math.abs(fact.plain) - Math.abs(stated.value)) < TINY
}

/** The line without the sentences that hold a hit; null when nothing worth keeping is left of it. */
function withoutSentences(line: string, offset: number, hits: readonly Unmatched[]): string | null {
  if (/^\s*\|/.test(line)) return null
  const lead = /^\s*(?:[-*+•]\s+|\d+[.)]\s+|>\s+|#+\s+)?/.exec(line)?.[0] ?? ''
  let kept = ''
  for (const { start, end } of sentencesOf(line.slice(lead.length))) {
    const from = offset + lead.length + start
    const to = offset + lead.length + end
    if (!hits.some((hit) => hit.start < to && hit.end > from)) kept += line.slice(from - offset, to - offset)
  }
  const rest = balanced(kept.trim())
  return /\p{L}/u.test(rest) ? lead + rest : null
}

/** Takes out an emphasis mark whose partner went with a sentence. */
function balanced(text: string): string {
  return (text.match(/\*\*/g)?.length ?? 0) % 2 === 0 ? text : text.replace('**', '')
}
