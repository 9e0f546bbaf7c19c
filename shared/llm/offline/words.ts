/** Characters of a question that rules look at: the last ones, where the question usually stands. */
const MOST_CHARACTERS = 4_000

/** A text on one line, without long runs of one mark, and bounded: no rule below sees anything longer or stranger. */
export function tidy(text: string): string {
  const flat = text
    .replace(/\s+/g, ' ')
    .replace(/([^\p{L}\p{N}\s])\1{2,}/gu, '$1')
    .trim()
  return flat.slice(-MOST_CHARACTERS)
}

/**
 * Text made easy to match: lower case, straight quotes, everything but letters, digits and `%'.:-/` as single spaces,
 * with a space at both ends, so that a term can be looked for as whole words.
 */
export function normalise(text: string): string {
  const plain = text
    .toLowerCase()
    .normalize('NFKC')
    .replace(/[‘’ʼ`]/g, "'")
    .replace(/[^\p{L}\p{N}%'.:/-]+/gu, ' ')
    .replace(/[.:/'-]+(?=\s|$)/g, '')
    .replace(/(?<=\s|^)[.:/'-]+/g, '')
  return ` ${plain.trim()} `
}

/** The words of a text, as `normalise` leaves them. */
export function wordsOf(text: string): string[] {
  return normalise(text).split(' ').filter(Boolean)
}

/** Terms of a table, compiled once: words or phrases; a `*` at the end takes any ending, `_` any one word. */
export type Terms = readonly RegExp[]

/** Compiles a table line, terms separated by commas: `cost*, how much, heat pump`. */
export function terms(line: string): Terms {
  return line
    .split(',')
    .map((term) => term.trim())
    .filter(Boolean)
    .map((term) => {
      const pattern = term
        .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
        // Letters, digits, ' and -: of what `normalise` leaves, all but these. A class of letters takes long to compile.
        .replace(/\*/g, '[^ %.:/]*')
        .replace(/(?<= )_(?= )/g, '\\S+')
      return new RegExp(`(?<= )${pattern}(?= )`, 'u')
    })
}

/** True when normalised text holds one of the terms. */
export function has(normalised: string, list: Terms): boolean {
  return list.some((term) => term.test(normalised))
}

/** Where the first of the terms stands in normalised text, or -1. */
export function firstOf(normalised: string, list: Terms): number {
  let first = -1
  for (const term of list) {
    const at = normalised.search(term)
    if (at >= 0 && (first < 0 || at < first)) first = at
  }
  return first
}

/** Normalised text without the terms, single-spaced. */
export function without(normalised: string, list: Terms): string {
  let rest = normalised
  for (const term of list) rest = rest.replace(new RegExp(term.source, 'gu'), ' ')
  return ` ${rest.replace(/\s+/g, ' ').trim()} `
}
