import type { A2ARequestHandler, ServerCallContext } from '@a2a-js/sdk/server'
import type { Context } from 'hono'
import type { Log } from '../config/log.ts'
import type { AppEnv } from '../http/app-env.ts'
import { createCallContext, stateOf } from './call-state.ts'
import type { AgentCardDocument } from './card.ts'
import { isOurFault } from './faults.ts'
import { streamAnswer } from './stream-answer.ts'

/** What both bindings are made of. */
export interface BindingDeps {
  readonly handler: A2ARequestHandler
  readonly card: AgentCardDocument
  readonly log: Log
  keep(work: Promise<unknown>, c: Context<AppEnv>): void
}

export interface OpenCall {
  readonly context: ServerCallContext
  readonly left: AbortController
}

/** Opens a call: its context, and the signal that its caller has gone. */
export function openCall(c: Context<AppEnv>, deps: BindingDeps): OpenCall {
  const left = new AbortController()
  const gone: AbortSignal | undefined = c.req.raw.signal
  if (gone?.aborted) left.abort()
  else gone?.addEventListener('abort', () => left.abort(), { once: true })
  return { context: createCallContext(c, left.signal, (work) => deps.keep(work, c)), left }
}

/** Faults of ours go to the log with their cause, since the caller gets a generic text. */
export function logFault(c: Context<AppEnv>, log: Log, thrown: unknown): void {
  if (isOurFault(thrown)) log.error('a2a call failed', { request_id: c.get('requestId'), error: thrown })
}

/** Answers with a stream. Throws what the stream throws before its first event. */
export async function answerStream(
  c: Context<AppEnv>,
  deps: BindingDeps,
  call: OpenCall,
  events: AsyncIterable<unknown>,
  toFault: (thrown: unknown) => unknown,
): Promise<Response> {
  const rest = events[Symbol.asyncIterator]()
  const first = await rest.next()
  let onEnd = () => {}
  c.set(
    'streamEnd',
    new Promise<void>((resolve) => {
      onEnd = resolve
    }),
  )
  return streamAnswer({
    first,
    rest,
    left: call.left,
    patient: stateOf(call.context).cancelOnLeave,
    onEnd,
    toFault(thrown) {
      logFault(c, deps.log, thrown)
      return toFault(thrown)
    },
  })
}
