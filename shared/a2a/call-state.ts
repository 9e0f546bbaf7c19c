import type { Context } from 'hono'
import type { Actor, AppEnv } from '../http/app-env.ts'
import { DEADLINE_HEADER } from '../http/deadline.ts'
import { CANCEL_HEADER } from './protocol.ts'

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
}

const ownerOf = (actor: Actor) => `${actor.issuer ?? 'key'}:${actor.id}`.replaceAll(' ', '_')

/** Reads what a call brings from its request, after authentication. */
export function readCallState(
  c: Context<AppEnv>,
  left: AbortSignal,
  keep: (work: Promise<unknown>) => void,
): CallState {
  const actor = c.get('actor')
  const { headers } = c.req.raw
  return {
    owner: ownerOf(actor),
    user: actor.id,
    traceparent: c.get('traceparent'),
    deadlineMs: headers.get(DEADLINE_HEADER),
    cancelOnLeave: headers.get(CANCEL_HEADER) === '1',
    left,
    keep,
  }
}
