import type { AgentEventBody, AgentYield } from '../../shared/domain/event.ts'
import type { ServiceName } from '../../shared/domain/names.ts'
import type { CallContext, Turn } from '../../shared/domain/turn.ts'

/** A step of a script: something to yield, a wait for a gate, or a fault to throw. */
export type ScriptStep = AgentYield | { readonly wait: Promise<unknown> } | { readonly fail: unknown }

/** An agent that plays a script for each turn and notes what it was given. */
export interface ScriptedAgent {
  run(turn: Turn, call: CallContext): AsyncGenerator<AgentYield>
  readonly calls: { readonly turn: Turn; readonly call: CallContext }[]
  /** Calls whose script was ended by its caller. */
  readonly left: number
}

/** Makes an agent of a script; it obeys the call's signal while it waits, as a real one does. */
export function createScriptedAgent(
  script: (turn: Turn, attempt: number) => Iterable<ScriptStep>,
): ScriptedAgent {
  const calls: { turn: Turn; call: CallContext }[] = []
  let left = 0
  return {
    calls,
    get left() {
      return left
    },
    async *run(turn, call) {
      calls.push({ turn, call })
      let done = false
      try {
        for (const step of script(turn, calls.length)) {
          if ('wait' in step) await untilAborted(step.wait, call.signal)
          else if ('fail' in step) throw step.fail
          else yield step
        }
        done = true
      } finally {
        if (!done) left++
      }
    },
  }
}

function untilAborted(work: Promise<unknown>, signal: AbortSignal): Promise<unknown> {
  return Promise.race([
    work,
    new Promise((_, reject) => {
      if (signal.aborted) reject(signal.reason)
      signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    }),
  ])
}

/** A promise with its own switch. */
export function createGate(): { readonly opened: Promise<void>; open(): void } {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open }
}

/** The pieces of a text as text events with their offsets. */
export function textEvents(pieces: readonly string[], origin: ServiceName = 'architect'): AgentYield[] {
  let offset = 0
  return pieces.map((delta) => {
    const event = { kind: 'text', delta, offset, origin } as const
    offset += delta.length
    return event
  })
}

/** A result event. */
export function resultEvent(text: string, analysisIds: readonly string[] = []): AgentEventBody {
  return { kind: 'result', text, analysisIds }
}

/** A usage event of one model call. */
export function usageEvent(promptTokens: number, completionTokens: number): AgentYield {
  const totalTokens = promptTokens + completionTokens
  return {
    kind: 'usage',
    service: 'architect',
    model: 'test-model',
    promptTokens,
    completionTokens,
    totalTokens,
  }
}
