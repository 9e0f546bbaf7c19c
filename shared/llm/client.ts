import type { Now } from '../domain/ids.ts'
import { steadyNow } from '../domain/time/steady.ts'
import { AetherError } from '../errors/aether-error.ts'
import { type Breaker, createBreaker } from '../http/breaker.ts'
import type { Fetch } from '../http/fetch.ts'
import { createRetryBudget } from '../http/retry-budget.ts'
import { pause } from '../http/wait.ts'
import { createModelList } from './model-list.ts'
import { createOpenClient } from './open-client.ts'
import type { LanguageModel, ModelCall, ModelChunk, ModelRequest } from './port.ts'
import { toProviderBody } from './provider-body.ts'
import { countsAgainstProvider, retryDelay, toModelError } from './provider-error.ts'
import { readChunks } from './read-chunks.ts'
import { createWatch, type Watch } from './watch.ts'

export interface LanguageModelOptions {
  /** Such as `https://api.openai.com/v1`. */
  readonly baseUrl: string
  readonly apiKey: string
  /** The model that answers where none is asked for. */
  readonly model: string
  readonly fetch: Fetch
  /** Budgets in milliseconds; `totalMs` (240 s) bounds one call, retries included. */
  readonly firstByteMs: number
  readonly idleMs: number
  readonly totalMs?: number
  readonly now: Now
  /** True for the built-in model: answers say so. */
  readonly offline: boolean
  /** Waits between two tries; ends early when the signal aborts. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>
}

const RETRIES = 2
const TOTAL_MS = 240_000

/**
 * A language model behind any OpenAI-compatible API. Retried are only calls that failed before their first byte: at
 * most twice and within a budget. A breaker spares a provider that is down. Throws `LLM_UNAVAILABLE` (with the
 * provider's fault as cause), `DEADLINE_EXCEEDED`, or the caller's own reason.
 */
export function createLanguageModel(options: LanguageModelOptions): LanguageModel {
  const { now, offline } = options
  const openClient = createOpenClient(options)
  const budget = createRetryBudget({ now })
  const breaker = createBreaker({ now })
  const models = createModelList(openClient, now)

  async function* stream(request: ModelRequest, call: ModelCall): AsyncGenerator<ModelChunk> {
    const left = call.deadline - steadyNow()
    const totalMs = options.totalMs ?? TOTAL_MS
    const limits = {
      firstByteMs: options.firstByteMs,
      idleMs: options.idleMs,
      totalMs: Math.min(left, totalMs),
      totalIsDeadline: left <= totalMs,
    }
    call.signal.throwIfAborted()
    if (left <= 0) throw new AetherError('DEADLINE_EXCEEDED')
    const watch = createWatch(limits, call.signal)
    budget.onRequest()
    try {
      for (let tried = 0; ; tried++) {
        const attempt = { begun: false }
        try {
          yield* once(request, watch, attempt)
          return
        } catch (thrown) {
          const stopped = watch.reason()
          if (stopped !== null) throw stopped
          const delay = attempt.begun || tried >= RETRIES ? null : retryDelay(thrown, tried)
          if (delay === null || !budget.tryTake()) throw toModelError(thrown)
          await (options.sleep ?? pause)(delay, watch.signal)
          const meanwhile = watch.reason()
          if (meanwhile !== null) throw meanwhile
        }
      }
    } finally {
      watch.dispose()
    }
  }

  /** One request; `attempt.begun` is set with the first byte, after which nothing is tried again. */
  async function* once(
    request: ModelRequest,
    watch: Watch,
    attempt: { begun: boolean },
  ): AsyncGenerator<ModelChunk> {
    const body = toProviderBody(request, request.model ?? options.model)
    const result = enter(breaker)
    try {
      watch.waitFor('first_byte')
      const client = await openClient()
      const chunks = await client.chat.completions.create(body, { signal: watch.signal, maxRetries: 0 })
      yield* readChunks(chunks, body, watch, () => {
        attempt.begun = true
      })
      result.settle(true)
    } catch (thrown) {
      const stopped = watch.reason()
      if (stopped instanceof AetherError && stopped.code === 'LLM_UNAVAILABLE') result.settle(false)
      else if (stopped === null) result.settle(!countsAgainstProvider(thrown))
      throw thrown
    } finally {
      watch.pause()
      result.abandon()
    }
  }

  return {
    stream,
    offline,
    name: options.model,
    async resolve(name, signal) {
      if (name === null || name === options.model) return options.model
      return (await models.has(name, signal)) ? name : options.model
    },
  }
}

/** Passes the breaker; whoever leaves without a result gives the pass back. */
function enter(breaker: Breaker): { settle(ok: boolean): void; abandon(): void } {
  if (!breaker.tryPass())
    throw new AetherError(
      'LLM_UNAVAILABLE',
      'The language model has failed several times in a row and is given a few seconds. Try again shortly.',
    )
  let settled = false
  return {
    settle(ok) {
      settled = true
      breaker.onResult(ok)
    },
    abandon() {
      if (!settled) breaker.onAbandoned()
      settled = true
    },
  }
}
