import { SERVICES } from '../../domain/names.ts'
import type { TextDelta } from '../protocol.ts'

/**
 * What the processes that share a database tell each other about tasks: to end one, that somebody reads it elsewhere,
 * that it has changed, and what it says meanwhile. Words can be lost; only a text that nobody hears is lost with them.
 */
export type Word =
  | { readonly kind: 'cancel'; readonly id: string }
  /** What the reader has got: changes up to a generation, and so many UTF-16 units of the text. */
  | { readonly kind: 'watch'; readonly id: string; readonly at: number; readonly have: number }
  | { readonly kind: 'changed'; readonly id: string; readonly from: string }
  | { readonly kind: 'delta'; readonly id: string; readonly delta: TextDelta }

/** How words travel; null where there is no way (then tables are polled). */
export interface Words {
  publish(text: string): void
  listen(onText: (text: string) => void): () => void
}

/** A NOTIFY holds less than 8,000 bytes, and a UTF-16 unit becomes at most six of them in JSON. */
const MAX_UNITS = 1_200

/** A word as the text that travels. */
export function formatWord(word: Word): string {
  return JSON.stringify(word)
}

/** A text as a word; null for what is none of ours. */
export function parseWord(text: string): Word | null {
  try {
    const word = JSON.parse(text)
    if (typeof word?.id !== 'string') return null
    if (word.kind === 'cancel') return word
    if (word.kind === 'watch')
      return typeof word.have === 'number' && typeof word.at === 'number' ? word : null
    if (word.kind === 'changed') return typeof word.from === 'string' ? word : null
    return word.kind === 'delta' && isDelta(word.delta) ? word : null
  } catch {
    return null
  }
}

function isDelta(value: unknown): boolean {
  const { kind, delta, offset, service } = (value ?? {}) as Record<string, unknown>
  return (
    (kind === 'text' || kind === 'reasoning') &&
    typeof delta === 'string' &&
    typeof offset === 'number' &&
    SERVICES.some((name) => name === service)
  )
}

/** A piece of text in pieces that fit; no surrogate pair is cut. */
export function cutDelta(delta: TextDelta): TextDelta[] {
  const pieces: TextDelta[] = []
  for (let at = 0; at < delta.delta.length; ) {
    let end = Math.min(at + MAX_UNITS, delta.delta.length)
    const last = delta.delta.charCodeAt(end - 1)
    if (end < delta.delta.length && last >= 0xd800 && last < 0xdc00) end--
    pieces.push({ ...delta, delta: delta.delta.slice(at, end), offset: delta.offset + at })
    at = end
  }
  return pieces
}
