/** The text up to the first of the stop sequences. */
export function cutAtStop(text: string, stop: readonly string[]): string {
  const cuts = stop.map((word) => text.indexOf(word)).filter((at) => at >= 0)
  return cuts.length === 0 ? text : text.slice(0, Math.min(...cuts))
}

/** Lets text through as it comes, but never what belongs to a stop sequence or might. */
export interface StopFilter {
  /** What of the text so far may be said now. */
  push(delta: string): string
  /** What was held back for a stop sequence that did not come. */
  flush(): string
}

/** A filter for streamed text; after a stop sequence nothing passes any more. */
export function createStopFilter(stop: readonly string[]): StopFilter {
  let held = ''
  let stopped = false
  return {
    push(delta) {
      if (stopped) return ''
      held += delta
      const cut = cutAtStop(held, stop)
      stopped = cut.length < held.length
      const safe = stopped ? cut.length : held.length - longestBeginning(held, stop)
      const out = held.slice(0, safe)
      held = stopped ? '' : held.slice(safe)
      return out
    },
    flush() {
      const out = held
      held = ''
      return out
    },
  }
}

/** Length of the longest end of the text that is a beginning of a stop sequence. */
function longestBeginning(text: string, stop: readonly string[]): number {
  let longest = 0
  for (const word of stop)
    for (let n = Math.min(word.length - 1, text.length); n > longest; n--)
      if (text.endsWith(word.slice(0, n))) longest = n
  return longest
}
