export interface ThoughtPiece {
  readonly kind: 'text' | 'reasoning'
  readonly delta: string
}

const OPEN = '<think>'
const CLOSE = '</think>'

/**
 * Splits streamed text into answer and thinking: local models put their thoughts between `<think>` tags at the start
 * of an answer. Only a tag that opens the answer counts, so text about tags stays text. `push` takes a delta, `end`
 * gives back what was held.
 */
export function createThinkSplitter(): { push(delta: string): ThoughtPiece[]; end(): ThoughtPiece[] } {
  let state: 'start' | 'thinking' | 'answer' = 'start'
  let held = ''
  const piece = (kind: ThoughtPiece['kind'], delta: string): ThoughtPiece[] =>
    delta ? [{ kind, delta }] : []

  function push(delta: string): ThoughtPiece[] {
    if (state === 'answer') return piece('text', delta)
    held += delta
    if (state === 'start') {
      const trimmed = held.trimStart()
      if (OPEN.startsWith(trimmed.slice(0, OPEN.length)) && trimmed.length < OPEN.length) return []
      if (!trimmed.startsWith(OPEN)) {
        state = 'answer'
        return piece('text', take())
      }
      state = 'thinking'
      held = trimmed.slice(OPEN.length)
    }
    const end = held.indexOf(CLOSE)
    if (end >= 0) {
      const thought = held.slice(0, end)
      const rest = held.slice(end + CLOSE.length).trimStart()
      held = ''
      state = 'answer'
      return [...piece('reasoning', thought), ...piece('text', rest)]
    }
    const safe = held.length - CLOSE.length
    if (safe <= 0) return []
    const thought = held.slice(0, safe)
    held = held.slice(safe)
    return piece('reasoning', thought)
  }

  function take(): string {
    const text = held
    held = ''
    return text
  }

  return { push, end: () => piece(state === 'thinking' ? 'reasoning' : 'text', take()) }
}
