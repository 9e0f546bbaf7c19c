import {
  type AgentCard,
  type ListTaskPushNotificationConfigsResponse,
  type ListTasksResponse,
  Message,
  StreamResponse,
  Task,
  TaskPushNotificationConfig,
} from '@a2a-js/sdk'
import { ExtendedAgentCardNotConfiguredError, UnsupportedOperationError } from '@a2a-js/sdk/errors'
import type { Context } from 'hono'
import type { Log } from '../config/log.ts'
import { type AppEnv, goneOf } from '../http/app-env.ts'
import { type CallState, readCallState } from './call-state.ts'
import type { CardDocument } from './card-document.ts'
import { activateExtensions, EXTENSIONS_HEADER } from './extensions.ts'
import { isOurFault } from './faults.ts'
import type { RequestHandler } from './request-handler.ts'
import { streamAnswer } from './stream-answer.ts'

/** What both bindings are made of. */
export interface BindingDeps {
  readonly handler: RequestHandler
  readonly card: AgentCard
  /** For callers who are known; null where there is none. */
  readonly extendedCard: CardDocument | Promise<CardDocument> | null
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
  const gone = goneOf(c)
  if (gone?.aborted) left.abort()
  else gone?.addEventListener('abort', () => left.abort(), { once: true })
  return { state: readCallState(c, left.signal, (work) => deps.keep(work, c)), left }
}

/** Faults of ours go to the log with their cause, since the caller gets a generic text. */
export function logFault(c: Context<AppEnv>, log: Log, thrown: unknown): void {
  if (isOurFault(thrown)) log.error('a2a call failed', { request_id: c.get('requestId'), error: thrown })
}

/** Checks the extensions that a call brings; gives how to name the active ones in its answer. */
export function extensionsOf(c: Context<AppEnv>, card: AgentCard): (response: Response) => Response {
  const active = activateExtensions(card, c.req.raw.headers.get(EXTENSIONS_HEADER))
  return (response) => {
    if (active !== null) response.headers.set(EXTENSIONS_HEADER, active)
    return response
  }
}

/** The JSON of the extended card. */
export async function extendedCardJson({ card, extendedCard }: BindingDeps): Promise<string> {
  if (extendedCard) return (await extendedCard).strict().json
  if (card.capabilities?.extendedAgentCard) throw new ExtendedAgentCardNotConfiguredError()
  throw new UnsupportedOperationError('There is no extended card; the public one says everything.')
}

/** How a binding writes what a stream brings. */
export interface StreamForm<T> {
  /** One payload as the data of an event. */
  encode(payload: T): string
  /** A late fault as the data of an `error` event. */
  encodeFault(thrown: unknown): string
}

/** Answers with a stream that is open: what can fail at once has not. */
export function answerStream<T>(
  c: Context<AppEnv>,
  deps: BindingDeps,
  call: OpenCall,
  batches: AsyncGenerator<readonly T[], void, undefined>,
  form: StreamForm<T>,
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
    encode: form.encode,
    encodeFault(thrown) {
      logFault(c, deps.log, thrown)
      return form.encodeFault(thrown)
    },
  })
}

/** One payload of a stream as ProtoJSON text. */
export const payloadText = (payload: StreamResponse): string => JSON.stringify(StreamResponse.toJSON(payload))

/** What was sent gave a task or a message: ProtoJSON of the answer. */
export function sendJson(answer: Task | Message): unknown {
  return 'messageId' in answer ? { message: Message.toJSON(answer) } : { task: Task.toJSON(answer) }
}

/** Push notification configs as ProtoJSON, with the members that the codec leaves out. */
export function configsJson({ configs, nextPageToken }: ListTaskPushNotificationConfigsResponse): unknown {
  return { configs: configs.map((config) => TaskPushNotificationConfig.toJSON(config)), nextPageToken }
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
