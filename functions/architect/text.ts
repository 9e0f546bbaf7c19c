import type { AgentYield } from '../../shared/domain/event.ts'

/** The answer's text as it grows; what it yields carries the right offsets. */
export interface Answer {
  readonly text: string
  say(delta: string): Generator<AgentYield>
  /** Passes events on; text among them becomes a part of this answer. */
  passOn<T>(events: AsyncGenerator<AgentYield, T>): AsyncGenerator<AgentYield, T>
}

export function createAnswer(): Answer {
  let text = ''
  function* say(delta: string): Generator<AgentYield> {
    if (delta === '') return
    yield { kind: 'text', delta, offset: text.length }
    text += delta
  }
  return {
    get text() {
      return text
    },
    say,
    async *passOn(events) {
      for (;;) {
        const { done, value } = await events.next()
        if (done) return value
        if (value.kind === 'text') yield* say(value.delta)
        else yield value
      }
    },
  }
}
