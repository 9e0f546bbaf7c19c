/** Words on which a question's meaning hangs, of six letters at least: shorter ones have many other words beside them. */
const KNOWN: readonly string[] = (
  'yesterday weekend weekends weekday weekdays monday tuesday wednesday thursday friday saturday sunday ' +
  'january february august september october november december summer autumn winter ' +
  'energy electricity consumption compare compared device devices appliance appliances battery batteries baseload ' +
  'expensive cheapest unavailable offline unusual automation automations routine routines temperature ' +
  'humidity kitchen bedroom bathroom thermostat dishwasher'
).split(' ')
/** Shorter words of time: mended only where a letter is doubled or left out, or two are swapped, never where one differs. */
const SHORT: readonly string[] = 'last week month today'.split(' ')
/** Words of their own that look like slips of the short ones. */
const OTHERS: ReadonlySet<string> = new Set(['moth', 'wee', 'lat', 'las'])
const WORD = /\p{L}{3,}/gu
const SHORTEST = 6
/** Letters from which on two slips are still the same word. */
const LONG = 8

/**
 * Mends slips of the pen in words that a question's meaning hangs on ("yestarday", "elecricity"), so that a misspelt day
 * is not taken for no day at all. Every other word stays as it is.
 */
export function mendSpelling(text: string): string {
  return text.replace(WORD, (word) => {
    const lower = word.toLowerCase()
    // A word that goes on after a known one ("compares", "weekendly") is another form of it, and no slip.
    if (KNOWN.some((known) => lower.startsWith(known))) return word
    if ([...SHORT, ...OTHERS].some((known) => lower === known)) return word
    const near = [
      ...(lower.length < SHORTEST ? [] : KNOWN.filter((known) => isNear(lower, known))),
      ...SHORT.filter((known) => isSlip(lower, known)),
    ]
    return near.length === 1 && near[0] ? near[0] : word
  })
}

/** One letter typed twice or left out after the first, or two neighbours swapped. */
function isSlip(word: string, known: string): boolean {
  if (word[0] !== known[0]) return false
  const letters = [...known]
  return letters.some((letter, i) => {
    const before = known.slice(0, i)
    const swapped = before + (known[i + 1] ?? '') + letter + known.slice(i + 2)
    return [before + letter + known.slice(i), before + known.slice(i + 1), swapped].includes(word)
  })
}

function isNear(word: string, known: string): boolean {
  if (word[0] !== known[0]) return false
  const most = Math.min(word.length, known.length) >= LONG ? 2 : 1
  return Math.abs(word.length - known.length) <= most && distance(word, known) <= most
}

/** Letters left out, put in, mistaken, or two swapped: how many slips lead from one word to the other. */
function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)]
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      const least = Math.min(at(i - 1, j) + 1, (row[j - 1] ?? 0) + 1, at(i - 1, j - 1) + (same ? 0 : 1))
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      row.push(swapped ? Math.min(least, at(i - 2, j - 2) + 1) : least)
    }
    rows.push(row)
  }
  return at(a.length, b.length)

  function at(i: number, j: number): number {
    return rows[i]?.[j] ?? Number.POSITIVE_INFINITY
  }
}
