/**
 * The word that a misspelt one most likely stands for, out of some that look like it; null where none is near enough. A
 * letter more, less, other, or two in the wrong order count one each; a longer word may have more of them.
 */
export function likestWord(asked: string, candidates: readonly string[]): string | null {
  const most = asked.length <= 3 ? 0 : asked.length <= 5 ? 1 : asked.length <= 9 ? 2 : 3
  let best: { word: string; edits: number } | null = null
  for (const word of candidates) {
    const edits = editsBetween(asked, word)
    if (edits <= most && (best === null || edits < best.edits)) best = { word, edits }
  }
  return best?.word ?? null
}

/** Edits from one word to another (optimal string alignment). */
function editsBetween(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      let edits = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + same)
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      if (swapped) edits = Math.min(edits, beforeLast[j - 2]! + 1)
      row.push(edits)
    }
    beforeLast = last
    last = row
  }
  return last[b.length]!
}
