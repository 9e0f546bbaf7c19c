import { A2A_VERSION_HEADER } from '@a2a-js/sdk'
import type { AgentYield } from '../domain/event.ts'
import type { NewId, Now } from '../domain/ids.ts'
import type { ServiceName } from '../domain/names.ts'
import type { CallContext } from '../domain/turn.ts'
import { AetherError } from '../errors/aether-error.ts'
import { codeFromWire } from '../errors/wire.ts'
import { type Breaker, createBreaker } from '../http/breaker.ts'
import { fetchWithin } from '../http/client.ts'
import { DEADLINE_HEADER, deadlineSignal, remainingMs } from '../http/deadline.ts'
import type { Fetch } from '../http/fetch.ts'
import { createRetryBudget, type RetryBudget } from '../http/retry-budget.ts'
import { readSse, type SseEvent } from '../http/sse-reader.ts'
import { pause } from '../http/wait.ts'
import { createDecoder, type Decoder, TaskReplaced } from './decode.ts'
import { A2A_VERSION, CANCEL_HEADER } from './protocol.ts'

/** What an agent is sent: a text, and typed data (snake_case) for an agent that reads it. */
export interface PeerMessage {
  readonly text: string
  readonly data?: { readonly schema: string; readonly data: Record<string, unknown> }
}

/** Another agent of the team, wherever it runs. */
export interface Peer {
  readonly service: ServiceName
  /**
   * Sends the message and yields what the agent yields; events carry `origin`. Ends only after `result`. Throws the
   * callee's typed error, AGENT_UNAVAILABLE where it does not answer, and the signal's reason when the signal aborts.
   * A stream that breaks off is taken up by sending the same message again, a few times; nothing comes twice. An
   * abort, and leaving the loop, cancel the callee.
   */
  call(message: PeerMessage, context: CallContext): AsyncGenerator<AgentYield, void, undefined>
}

export interface PeerOptions {
  readonly service: ServiceName
  /** Where the agent's JSON-RPC binding is. */
  readonly url: string
  readonly fetch: Fetch
  /** A service token for this peer on behalf of a user. */
  token(user: string): Promise<string>
  readonly now: Now
  readonly newId: NewId
  /** No byte for so long, heartbeats included, means that the peer is gone. */
  readonly idleMs?: number
  /** An agent answers before it works: no headers for so long means that it will not. */
  readonly answerMs?: number
  /** Shared by all calls to this peer; own ones where none are given. */
  readonly budget?: RetryBudget
  readonly breaker?: Breaker
}

const IDLE_MS = 30_000
const ANSWER_MS = 10_000
/** How long an answer that is whole may take to be closed. */
const CLOSE_MS = 1_000
/** How often a stream that broke off is taken up again, and the pause before the first time. */
const MAX_RESUMES = 4
const FIRST_PAUSE_MS = 100
/** Longest that a cancel may take, for which nobody waits. */
const CANCEL_MS = 5_000

/** True for a stream of a task that broke off, or whose task lost its process: the message may be sent again. */
function isBroken(thrown: unknown, decoder: Decoder): boolean {
  if (decoder.taskId() === null || thrown instanceof TaskReplaced) return false
  return thrown instanceof AetherError ? thrown.code === 'AGENT_UNAVAILABLE' : true
}

function bodyOf(message: PeerMessage, messageId: string): string {
  const parts: unknown[] = [{ text: message.text, mediaType: 'text/plain' }]
  if (message.data) parts.push({ data: message.data, mediaType: 'application/json' })
  // What it said need not come back.
  const configuration = { historyLength: 0 }
  const params = { message: { messageId, role: 'ROLE_USER', parts }, configuration }
  return JSON.stringify({ jsonrpc: '2.0', id: messageId, method: 'SendStreamingMessage', params })
}

/** Bytes of a JSON text in UTF-8; it has no half of a surrogate pair. */
function bytesOf(json: string): number {
  let bytes = json.length
  for (let i = 0; i < json.length; i++) {
    const unit = json.charCodeAt(i)
    if (unit > 0x7f) bytes += unit > 0x7ff && (unit < 0xd800 || unit > 0xdfff) ? 2 : 1
  }
  return bytes
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

/** A JSON-RPC error, or the error body of our HTTP layer, as the typed error that it was. */
function faultFrom(body: unknown, service: ServiceName, status = 200): AetherError {
  const error = isRecord(body) && isRecord(body.error) ? body.error : {}
  const details = Array.isArray(error.data) ? error.data.filter(isRecord) : []
  const code = codeFromWire(details[0]?.reason) ?? codeFromWire(error.code)
  const message = typeof error.message === 'string' ? error.message : undefined
  // Credentials between services are our own affair: the person who asks cannot mend them.
  if (code && code !== 'UNAUTHENTICATED' && code !== 'FORBIDDEN') return new AetherError(code, message)
  return unavailable(new Error(`${service} answered ${status}: ${message ?? 'no A2A stream'}`))
}

function unavailable(cause: unknown): AetherError {
  return new AetherError('AGENT_UNAVAILABLE', undefined, { cause })
}

async function readFault(response: Response, service: ServiceName): Promise<AetherError> {
  try {
    return faultFrom(await response.json(), service, response.status)
  } catch (cause) {
    return unavailable(new Error(`${service} answered ${response.status} without JSON`, { cause }))
  }
}

/** A light client of one agent: one streaming request a call, nothing fetched before it, bounded in all it reads. */
export function createPeer(options: PeerOptions): Peer {
  const { service, url, now, idleMs = IDLE_MS, answerMs = ANSWER_MS } = options
  const budget = options.budget ?? createRetryBudget({ now })
  const breaker = options.breaker ?? createBreaker({ now })

  const streamOf = async (response: Response): Promise<ReadableStream<Uint8Array>> => {
    if (response.body && response.headers.get('content-type')?.startsWith('text/event-stream'))
      return response.body
    throw await readFault(response, service)
  }

  /** What an event of the stream says. */
  const said = ({ event, data }: SseEvent, decoder: Decoder): readonly AgentYield[] => {
    // A stream that is read to its end leaves its connection to the next call.
    if (decoder.ended()) return []
    const frame: unknown = JSON.parse(data)
    if (!isRecord(frame)) return []
    if (event === 'error' || frame.error !== undefined) throw faultFrom(frame, service)
    return decoder.decode(frame.result)
  }

  async function* call(
    message: PeerMessage,
    context: CallContext,
  ): AsyncGenerator<AgentYield, void, undefined> {
    const { deadline, messageId, user } = context
    const limit = deadlineSignal({ deadline, parent: context.signal, maxMs: Infinity })
    const { signal } = limit
    const silent = () => limit.abort(unavailable(new Error(`${service} does not answer`)))
    const decoder = createDecoder(service)
    let waiting: ReturnType<typeof setTimeout> | undefined
    let closing: ReturnType<typeof setTimeout> | undefined
    const tooLate = () => limit.abort(new Error('not closed'))
    let failed = false
    const headers = (bearer: string) => ({
      'content-type': 'application/json',
      authorization: `Bearer ${bearer}`,
      traceparent: context.traceparent,
      [A2A_VERSION_HEADER]: A2A_VERSION,
    })
    /** The stream of the message; the same one for a message that the peer has got before. */
    const open = async () => {
      const body = bodyOf(message, messageId)
      const bearer = await options.token(user)
      const request = () =>
        new Request(url, {
          method: 'POST',
          body,
          headers: {
            ...headers(bearer),
            'content-length': String(bytesOf(body)),
            accept: 'text/event-stream',
            [DEADLINE_HEADER]: String(remainingMs(deadline)),
            [CANCEL_HEADER]: '1',
          },
        })
      waiting = setTimeout(silent, answerMs)
      const response = await fetchWithin(options.fetch, request, { signal, budget, breaker })
      clearTimeout(waiting)
      return response
    }
    /** Whoever goes away says so: a connection that just ends may be one that broke. */
    const cancel = async (taskId: string) => {
      const body = { jsonrpc: '2.0', id: messageId, method: 'CancelTask', params: { id: taskId } }
      const request = new Request(url, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { ...headers(await options.token(user)), [CANCEL_HEADER]: '1' },
      })
      const response = await options.fetch(request, { signal: AbortSignal.timeout(CANCEL_MS) })
      await response.body?.cancel()
    }
    try {
      signal.throwIfAborted()
      for (let broken = 0; ; broken++)
        try {
          const body = await streamOf(await open())
          // Loops, not `yield*`: through a generator below this one each item would wait several turns longer.
          for await (const event of readSse(body, { signal, idleMs })) {
            for (const item of said(event, decoder)) yield item
            if (decoder.ended()) closing ??= setTimeout(tooLate, CLOSE_MS)
          }
          if (decoder.ended()) return
          throw unavailable(new Error(`the stream of ${service} was cut`))
        } catch (thrown) {
          if (decoder.ended()) return
          if (!isBroken(thrown, decoder) || signal.aborted || broken >= MAX_RESUMES || !budget.tryTake())
            throw thrown
          decoder.again()
          await pause(FIRST_PAUSE_MS * 2 ** broken, signal)
        }
    } catch (thrown) {
      failed = !signal.aborted
      if (signal.aborted) throw signal.reason
      throw thrown instanceof AetherError ? thrown : unavailable(thrown)
    } finally {
      clearTimeout(waiting)
      clearTimeout(closing)
      limit.dispose()
      const taskId = decoder.taskId()
      if (taskId !== null && !decoder.ended() && !failed) cancel(taskId).catch(() => undefined)
    }
  }

  return { service, call }
}
