import { UNIT_AFTER, UNIT_BEFORE, unitMeaning } from './units.ts'

/** A number as a text says it. Offsets count UTF-16 units; `text` holds the unit too. */
export interface NumberInText {
  readonly text: string
  readonly start: number
  readonly end: number
  readonly value: number
  readonly decimals: number
  /** Kind of quantity (`energy`, `power`, `share`, `money:EUR`, `time`, …), null for a bare number. */
  readonly kind: string | null
  /** Base units in one unit as written: 1000 for kW, whose base is W. */
  readonly factor: number
}

const NUMBER =
  /(?<![\p{L}\p{N}_])(?<![\p{N}][.,:/])(?<![\p{L}_]\.)([-−+])?(\d{1,3}(?:[,\u202f\u00a0'](?=\d{3}(?!\d))\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?)(?![\p{N}_])/gu
const RANGE = /^\s*(?:-|–|—|to|and|or)\s*[€£$]?$/
const ORDINAL = /^(?:st|nd|rd|th)\b/i
/** A number that opens a list item. */
const MARKER = /(?:^|\n)[ \t]*$/

/**
 * The numbers of a text with their units, in order. Left out: numbers inside words and ids, list markers, ordinals up to
 * the tenth, version numbers. The first of `3 to 5 kWh` has the unit of the second. Dates and times are to be blanked
 * out before (see `maskDates`).
 */
export function findNumbers(text: string): NumberInText[] {
  const found: NumberInText[] = []
  for (const match of text.matchAll(NUMBER)) {
    const [whole, sign, digits = ''] = match
    const start = match.index
    const end = start + whole.length
    const after = text.slice(end, end + 24)
    const before = text.slice(Math.max(0, start - 8), start)
    if (
      MARKER.test(text.slice(Math.max(0, start - 8), start)) &&
      /^[.)]\s/.test(after) &&
      !digits.includes('.')
    )
      continue
    const { value, decimals } = parse(digits)
    if (ORDINAL.test(after) && value <= 10) continue
    const unit = unitAround(before, after, sign !== undefined)
    if (unit === null && /^\p{L}/u.test(after) && !ORDINAL.test(after)) continue
    found.push({
      text: text.slice(start, end + (unit?.after ?? 0)),
      start,
      end: end + (unit?.after ?? 0),
      value: sign === '-' || sign === '−' ? -value : value,
      decimals,
      kind: unit?.kind ?? null,
      factor: unit?.factor ?? 1,
    })
  }
  return found.map((each, i) => {
    const next = found[i + 1]
    const lends = each.kind === null && next?.kind && RANGE.test(text.slice(each.end, next.start))
    return lends ? { ...each, kind: next.kind, factor: next.factor } : each
  })
}

/** Thousands are grouped by comma, apostrophe or a thin space; a comma before other than three digits is decimal. */
function parse(digits: string): { value: number; decimals: number } {
  const grouped = /^\d{1,3}(?:[,\u202f\u00a0']\d{3})+(?:\.\d+)?$/u.test(digits)
  const plain = grouped ? digits.replace(/[,\u202f\u00a0']/gu, '') : digits.replace(',', '.')
  const dot = plain.indexOf('.')
  return { value: Number(plain), decimals: dot < 0 ? 0 : plain.length - dot - 1 }
}

function unitAround(
  before: string,
  after: string,
  signed: boolean,
): { kind: string; factor: number; after: number } | null {
  const behind = UNIT_AFTER.exec(after)
  const meaning = behind ? unitMeaning(behind[1]!) : null
  if (behind && meaning) return { ...meaning, after: behind[0].length }
  const ahead = signed ? null : UNIT_BEFORE.exec(before)
  const money = ahead ? unitMeaning(ahead[1] ?? ahead[2]!) : null
  return money?.kind.startsWith('money') ? { ...money, after: 0 } : null
}
