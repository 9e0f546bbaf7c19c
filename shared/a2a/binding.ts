import { type ListTasksResponse, Message, StreamResponse, Task } from '@a2a-js/sdk'
import type { Context } from 'hono'
import type { Log } from '../config/log.ts'
import type { AppEnv } from '../http/app-env.ts'
import { type CallState, readCallState } from './call-state.ts'
import type { AgentCardDocument } from './card.ts'
import { isOurFault } from './faults.ts'
import type { RequestHandler, StreamBatches } from './request-handler.ts'
import { streamAnswer } from './stream-answer.ts'

/** What both bindings are made of. */
export interface BindingDeps {
  readonly handler: RequestHandler
  readonly card: AgentCardDocument
  readonly log: Log
  keep(work: Promise<unknown>, c: Context<AppEnv>): void
}

export interface OpenCall {
  readonly state: CallState
  readonly left: AbortController
}

/** Opens a call: what it brings, and the signal that its caller has gone. */
export function openCall(c: Context<AppEnv>, deps: BindingDeps): OpenCall {
  const left = new AbortController()
  const gone: AbortSignal | undefined = c.req.raw.signal
  if (gone?.aborted) left.abort()
  else gone?.addEventListener('abort', () => left.abort(), { once: true })
  return { state: readCallState(c, left.signal, (work) => deps.keep(work, c)), left }
}

/** Faults of ours go to the log with their cause, since the caller gets a generic text. */
export function logFault(c: Context<AppEnv>, log: Log, thrown: unknown): void {
  if (isOurFault(thrown)) log.error('a2a call failed', { request_id: c.get('requestId'), error: thrown })
}

/** How a binding writes what a stream brings. */
export interface StreamForm {
  /** One payload (ProtoJSON) as the data of an event. */
  encode(payload: unknown): string
  /** A late fault as the data of an `error` event. */
  encodeFault(thrown: unknown): string
}

/** Answers with a stream that is open: what can fail at once has not. */
export function answerStream(
  c: Context<AppEnv>,
  deps: BindingDeps,
  call: OpenCall,
  batches: StreamBatches,
  form: StreamForm,
): Response {
  let onEnd = () => {}
  c.set(
    'streamEnd',
    new Promise<void>((resolve) => {
      onEnd = resolve
    }),
  )
  return streamAnswer({
    batches,
    left: call.left,
    patient: call.state.cancelOnLeave,
    onEnd,
    encode: (payload) => form.encode(StreamResponse.toJSON(payload)),
    encodeFault(thrown) {
      logFault(c, deps.log, thrown)
      return form.encodeFault(thrown)
    },
  })
}

/** What was sent gave a task or a message: ProtoJSON of the answer. */
export function sendJson(answer: Task | Message): unknown {
  return 'messageId' in answer ? { message: Message.toJSON(answer) } : { task: Task.toJSON(answer) }
}

/** A page of tasks as ProtoJSON; the codec leaves required but empty members out, and clients need them. */
export function pageJson(page: ListTasksResponse, includeArtifacts: boolean | undefined): unknown {
  const tasks = page.tasks.map((task) => {
    const shown = Task.toJSON(task) as Record<string, unknown>
    return includeArtifacts && shown.artifacts === undefined ? { ...shown, artifacts: [] } : shown
  })
  const { nextPageToken, pageSize, totalSize } = page
  return { tasks, nextPageToken, pageSize, totalSize }
}
