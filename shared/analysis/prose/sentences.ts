const ABBREVIATION =
  /(?:\b(?:e\.g|i\.e|approx|ca|vs|no|nr|st|dr|mr|mrs|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun|etc|incl|max|min|avg)|\b\p{Lu})\.$/iu

/** The sentences of one line as spans with the white space that follows them; together they are the whole line. */
export function sentencesOf(line: string): { readonly start: number; readonly end: number }[] {
  const sentences: { start: number; end: number }[] = []
  let start = 0
  for (const match of line.matchAll(/[.!?]+["'”’)*_]*\s+(?=["'“‘(*_]*[\p{Lu}\p{N}])/gu)) {
    const end = match.index + match[0].length
    if (ABBREVIATION.test(line.slice(start, match.index + 1))) continue
    sentences.push({ start, end })
    start = end
  }
  if (start < line.length) sentences.push({ start, end: line.length })
  return sentences
}
