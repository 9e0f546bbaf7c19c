import { ServerCallContext as CallContextOf, type ServerCallContext } from '@a2a-js/sdk/server'
import type { Context } from 'hono'
import type { Actor, AppEnv } from '../http/app-env.ts'
import { DEADLINE_HEADER } from '../http/deadline.ts'
import { A2A_VERSION, CANCEL_HEADER } from './protocol.ts'

/** What a call brings beside its parameters. */
export interface CallState {
  /** Issuer and subject: whoever owns the tasks of this call. */
  readonly owner: string
  readonly user: string
  readonly traceparent: string
  readonly deadlineMs: string | null
  /** Leaving the stream cancels the task. */
  readonly cancelOnLeave: boolean
  /** Aborts when the caller has gone. */
  readonly left: AbortSignal
  /** Keeps the process alive until the work is done, where the host would end it with the answer. */
  keep(work: Promise<unknown>): void
  /** What a method threw; the SDK's transport would send its own reading of it. */
  fault: unknown
}

const KEY = 'aether'

const ownerOf = (actor: Actor) => `${actor.issuer ?? 'key'}:${actor.id}`.replaceAll(' ', '_')

/** The context of a call for the SDK's transport, with ours in its state. */
export function createCallContext(
  c: Context<AppEnv>,
  left: AbortSignal,
  keep: (work: Promise<unknown>) => void,
): ServerCallContext {
  const actor = c.get('actor')
  const { headers } = c.req.raw
  const state: CallState = {
    owner: ownerOf(actor),
    user: actor.id,
    traceparent: c.get('traceparent'),
    deadlineMs: headers.get(DEADLINE_HEADER),
    cancelOnLeave: headers.get(CANCEL_HEADER) === '1',
    left,
    keep,
    fault: undefined,
  }
  return new CallContextOf({
    user: { isAuthenticated: true, userName: actor.id },
    requestedVersion: A2A_VERSION,
    state: new Map([[KEY, state]]),
  })
}

/** Our state of a call. Guarantee: `createCallContext` makes every context that reaches our handler. */
export function stateOf(context: ServerCallContext): CallState {
  return context.state.get(KEY) as CallState
}
