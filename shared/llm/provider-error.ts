import { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from 'openai/core/error'
import { AetherError } from '../errors/aether-error.ts'

/** What to do next, by the provider's status. Nothing of the provider's own text is repeated: it may echo secrets. */
const BY_STATUS: Readonly<Record<number, string>> = {
  400: "The language model's provider refused the request. Check LLM_MODEL: it must know tools and streaming.",
  401: "The language model's provider refused the key. Check LLM_API_KEY.",
  403: "The language model's provider refused the key for this model. Check LLM_API_KEY and LLM_MODEL.",
  404: "The language model's provider does not know the model or the path. Check LLM_MODEL and LLM_BASE_URL.",
  413: 'The conversation is too long for the language model. Start a new one.',
  429: "The language model's provider asks to slow down, or its quota is used up. Try again later.",
}

/** Whatever a call of the provider threw, as LLM_UNAVAILABLE; its cause is for the log, without the provider's own text. */
export function toModelError(thrown: unknown): AetherError {
  if (thrown instanceof AetherError) return thrown
  return new AetherError('LLM_UNAVAILABLE', messageFor(thrown), { cause: causeOf(thrown) })
}

/** What a log may hold of a fault: a provider's text may repeat the key, or what a person said. */
function causeOf(thrown: unknown): unknown {
  if (thrown instanceof SyntaxError) return new Error('the provider sent what is no JSON')
  if (!(thrown instanceof APIError) || thrown instanceof APIConnectionError) return thrown
  const named = [thrown.code, thrown.type].filter((name) => typeof name === 'string' && NAME.test(name))
  const request = thrown.requestID && NAME.test(thrown.requestID) ? `, its request ${thrown.requestID}` : ''
  return new Error(
    `the provider answered ${thrown.status ?? 'with an error in its stream'} (${named.join(', ') || 'no code'})${request}`,
  )
}

/** A code, and not a sentence. */
const NAME = /^[\w.-]{1,40}$/

function messageFor(thrown: unknown): string | undefined {
  if (thrown instanceof APIConnectionError)
    return 'The language model cannot be reached. Check LLM_BASE_URL, or try again.'
  if (thrown instanceof APIError) {
    if (thrown.status !== undefined)
      return BY_STATUS[thrown.status] ?? "The language model's provider failed. Try again shortly."
    return "The language model's provider failed while it answered. Try again shortly."
  }
  if (thrown instanceof SyntaxError)
    return 'The language model sent something that is not a valid answer. Check LLM_BASE_URL, or try again.'
  return undefined
}

/**
 * Milliseconds to wait before another try, or null where another try cannot help. Tried again: no connection, 408, 409,
 * 429 and 5xx; not a provider that took the request and stayed silent, since it may still be working on it.
 */
export function retryDelay(thrown: unknown, attempt: number): number | null {
  if (thrown instanceof APIConnectionTimeoutError || thrown instanceof APIUserAbortError) return null
  const backoff = 250 * 2 ** attempt
  if (thrown instanceof APIConnectionError) return backoff
  if (!(thrown instanceof APIError) || thrown.status === undefined) return null
  if (thrown.status !== 408 && thrown.status !== 409 && thrown.status !== 429 && thrown.status < 500)
    return null
  return askedDelay(thrown.headers) ?? backoff
}

/** What the provider asks for, at most 10 s: whoever asks for more gets no second try within this call. */
function askedDelay(headers: Headers | undefined): number | null {
  const ms = Number(headers?.get('retry-after-ms') ?? Number.NaN)
  const seconds = Number(headers?.get('retry-after') ?? Number.NaN)
  const asked = Number.isFinite(ms) ? ms : seconds * 1000
  return Number.isFinite(asked) && asked >= 0 ? Math.min(asked, 10_000) : null
}

/** True where the fault says something about the provider's health, and not about this one request. */
export function countsAgainstProvider(thrown: unknown): boolean {
  return (
    !(thrown instanceof APIError) ||
    thrown.status === undefined ||
    thrown.status === 429 ||
    thrown.status >= 500
  )
}
