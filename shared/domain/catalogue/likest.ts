/**
 * The word that a misspelt one most likely stands for, out of those of a home; null where none is near enough. A letter
 * more, less, other, or two in the wrong order count one each; a longer word may have more of them, a short one must begin
 * right. Of equally near ones the first is taken.
 */
export function likestWord(asked: string, candidates: readonly string[]): string | null {
  const most = asked.length <= 3 ? 0 : asked.length <= 5 ? 1 : asked.length <= 9 ? 2 : 3
  if (most === 0) return null
  const first = most === 1 ? asked[0] : undefined
  const letters = lettersOf(asked)
  let best: { word: string; edits: number } | null = null
  for (const word of candidates) {
    if (Math.abs(word.length - asked.length) > most) continue
    if (first !== undefined && word[0] !== first) continue
    // An edit changes two letters at most. This looks cheaply through the thousands of words that are nothing alike.
    if (bits(letters ^ lettersOf(word)) > 2 * most) continue
    const edits = editsBetween(asked, word)
    if (edits <= most && (best === null || edits < best.edits)) best = { word, edits }
  }
  return best?.word ?? null
}

/** Which letters a word has, as bits; letters that share a bit only let more words through. */
function lettersOf(word: string): number {
  let letters = 0
  for (let i = 0; i < word.length; i++) letters |= 1 << (word.charCodeAt(i) & 31)
  return letters
}

function bits(value: number): number {
  let many = 0
  for (let left = value; left !== 0; left &= left - 1) many++
  return many
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
