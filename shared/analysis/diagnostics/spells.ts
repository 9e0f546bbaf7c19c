import type { Span, StateChange } from '../../domain/home-data.ts'

/** A state with the time for which it held, within a span. */
export interface Held extends Span {
  readonly state: string
}

/** The states of an entity one after the other within the span; before the first change nothing is known. */
export function heldStates(changes: readonly StateChange[], span: Span): Held[] {
  const sorted = changes.toSorted((a, b) => a.at - b.at)
  const held: Held[] = []
  for (const [i, { state, at }] of sorted.entries()) {
    const start = Math.max(at, span.start)
    const end = Math.min(sorted[i + 1]?.at ?? span.end, span.end)
    if (end > start) held.push({ state, start, end })
  }
  return held
}

/** True for Home Assistant's two ways to say that it does not know. */
export function isGone(state: string): boolean {
  return state === 'unavailable' || state === 'unknown'
}
