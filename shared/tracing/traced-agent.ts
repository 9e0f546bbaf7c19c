import type { AgentYield } from '../domain/event.ts'
import type { CallContext } from '../domain/turn.ts'
import { AGENT_NAME, OPERATION } from './attributes.ts'
import type { StartSpan, Tracer } from './tracer.ts'

/** How an agent's run shows in a trace. */
export interface AgentSpan extends Pick<StartSpan, 'attributes' | 'inputs' | 'isRoot' | 'kind' | 'type'> {
  /** Name of the service or analyst. */
  readonly name: string
}

/**
 * Runs an agent within a span of its own: what it calls stands below it, its result is the span's output, what it
 * throws, and an abort, are its fault. A caller that leaves ends the span too.
 */
export async function* traceAgent<T extends AgentYield, R>(
  tracer: Tracer,
  about: AgentSpan,
  call: CallContext,
  run: (call: CallContext) => AsyncGenerator<T, R, undefined> | AsyncIterable<T>,
): AsyncGenerator<T, R | undefined, undefined> {
  const span = tracer.start({
    kind: 'internal',
    type: 'AGENT',
    ...about,
    parent: call.traceparent,
    attributes: { [OPERATION]: 'invoke_agent', [AGENT_NAME]: about.name, ...about.attributes },
  })
  let findings = 0
  try {
    const items = run({ ...call, traceparent: span.traceparent })[Symbol.asyncIterator]()
    let open = true
    try {
      for (;;) {
        const next = await items.next()
        if (next.done) {
          open = false
          return next.value as R
        }
        const item = next.value
        if (item.kind === 'finding') findings++
        if (item.kind === 'result') span.outputs(item.text)
        yield item
      }
    } finally {
      if (open) await items.return?.(undefined)
    }
  } catch (thrown) {
    span.end(call.signal.aborted ? call.signal.reason : thrown)
    throw thrown
  } finally {
    if (findings > 0) span.set({ 'aether.findings': findings })
    span.end()
  }
}
