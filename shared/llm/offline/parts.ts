import { readIntent } from './intent.ts'

const BREAK =
  /(?<=[?!;])\s+|(?<=\.)\s+(?=[A-Z])|,?\s+and\s+(?=(?:which|what|how|is|are|who|when|please|turn|switch|open|close|set|also)\b)/i
const MOST_PARTS = 4

/**
 * Splits a message that wants several different things ("which lights are on, and how much did I use yesterday?"). A
 * message whose parts want the same kind of thing stays whole: one analysis answers it.
 */
export function splitParts(text: string): string[] {
  const parts = text
    .split(BREAK)
    .map((part) => part.trim())
    .filter(Boolean)
  if (parts.length < 2 || parts.length > MOST_PARTS) return [text]
  const kept = parts.filter((part) => ['state', 'change', 'analysis'].includes(readIntent(part).kind))
  const kinds = new Set(kept.map((part) => readIntent(part).kind))
  if (
    kept.length === 1 &&
    kept[0] &&
    parts.every((part) => part === kept[0] || readIntent(part).kind === 'small_talk')
  )
    return kept
  return kinds.size > 1 ? kept : [text]
}
