/**
 * The text up to the first of the stop sequences: the one that is whole first as the text grows, so that text in pieces
 * is cut where the whole is; of two that end together the longer.
 */
export function cutAtStop(text: string, stop: readonly string[]): string {
  let [start, end] = [text.length, text.length + 1]
  for (const word of stop) {
    const at = text.indexOf(word)
    if (at < 0) continue
    const after = at + word.length
    if (after < end || (after === end && at < start)) [start, end] = [at, after]
  }
  return text.slice(0, start)
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
