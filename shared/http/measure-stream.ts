import type { Now } from '../domain/ids.ts'

/** How a stream ended. `left`: whoever asked for it went away before its end. */
export type StreamOutcome = 'ok' | 'error' | 'left'

export interface StreamMeasures<T> {
  readonly now: Now
  /** Of whoever asked: what fails after it has aborted was left. */
  readonly signal: AbortSignal
  onFirst(seconds: number): void
  onItem?(item: T): void
  onEnd(seconds: number, outcome: StreamOutcome): void
}

/** The same stream, measured from its first read to its first item and to its end, in seconds. */
export async function* measureStream<T>(
  items: AsyncIterable<T>,
  measures: StreamMeasures<T>,
): AsyncGenerator<T, void, undefined> {
  const { now, signal } = measures
  const start = now()
  const seconds = () => (now() - start) / 1_000
  let begun = false
  let outcome: StreamOutcome = 'left'
  try {
    for await (const item of items) {
      if (!begun) measures.onFirst(seconds())
      begun = true
      measures.onItem?.(item)
      yield item
    }
    outcome = 'ok'
  } catch (thrown) {
    outcome = signal.aborted ? 'left' : 'error'
    throw thrown
  } finally {
    measures.onEnd(seconds(), outcome)
  }
}
