import { AetherError } from '../errors/aether-error.ts'
import type { Breaker } from './breaker.ts'
import type { Fetch } from './fetch.ts'
import type { RetryBudget } from './retry-budget.ts'
import { pause } from './wait.ts'

export interface FetchOptions {
  /** Further tries after the first. */
  readonly retries?: number
  readonly budget?: RetryBudget
  readonly breaker?: Breaker
  readonly signal: AbortSignal
  /** Waits between two tries; it must end early when the signal aborts. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>
  /** In [0, 1): spreads the tries of many callers; none means no spread. */
  readonly random?: () => number
}

const BASE_MS = 50

/** Answers that mean "not now": nothing was done, so the same request may be sent again. */
function isRefusal(response: Response): boolean {
  return response.status === 502 || response.status === 503 || response.status === 429
}

/**
 * Sends a request and retries it, at most twice and within the budget, as long as no byte of an answer was seen:
 * the connection failed, or the answer was 429, 502 or 503. `request` makes each try's own Request; the signal goes
 * beside it. Throws AGENT_UNAVAILABLE when nobody answers or the breaker is open, the signal's reason when it aborts.
 */
export async function fetchWithin(
  fetch: Fetch,
  request: () => Request,
  options: FetchOptions,
): Promise<Response> {
  const { retries = 2, budget, breaker, signal, sleep = pause, random = () => 0.5 } = options
  budget?.onRequest()
  for (let tried = 0; ; tried++) {
    signal.throwIfAborted()
    if (breaker && !breaker.tryPass())
      throw new AetherError('AGENT_UNAVAILABLE', undefined, { cause: new Error('the breaker is open') })
    let response: Response | undefined
    let fault: unknown
    try {
      response = await fetch(request(), { signal })
    } catch (error) {
      if (signal.aborted) {
        breaker?.onAbandoned()
        throw signal.reason
      }
      fault = error
    }
    const refused = response === undefined || isRefusal(response)
    // "Too many" is an answer of a peer in good health.
    breaker?.onResult(response !== undefined && (!refused || response.status === 429))
    if (response && !refused) return response
    if (tried >= retries || (budget && !budget.tryTake())) {
      if (response) return response
      throw new AetherError('AGENT_UNAVAILABLE', undefined, { cause: fault })
    }
    // Not read any further; the connection may then be used for the next try.
    response?.body?.cancel().catch(() => undefined)
    await sleep(BASE_MS * 2 ** tried * (0.5 + random()), signal)
  }
}
