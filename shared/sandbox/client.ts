import type { Now } from '../domain/ids.ts'
import { steadyNow } from '../domain/time/steady.ts'
import { DEADLINE_HEADER, deadlineSignal } from '../http/deadline.ts'
import type { Fetch } from '../http/fetch.ts'
import { holdRequest } from '../http/hold-request.ts'
import type { Sandbox, SandboxJob, SandboxResult, SandboxStatus } from './port.ts'
import { unavailableResult } from './unavailable.ts'
import { parseRunResponse, parseStatus, toRunRequest } from './wire.ts'

export interface SandboxClientOptions {
  /** Where the runner is, such as `http://sandbox-runner:8000`; in one process any address, for `fetch` decides. */
  readonly url: string
  readonly fetch: Fetch
  /** A service token for the runner, in the name of the user. */
  readonly token: (user: string) => Promise<string>
  readonly now: Now
}

const STATUS_USER = 'status'
const ANSWER_MS = 3_000

/**
 * The sandbox behind a runner's HTTP interface. A runner that cannot be reached, that has no gVisor, or that answers with
 * anything but a result gives `exitClass: 'unavailable'` with the reason as stderr; an abort gives `killed` and cuts the connection,
 * on which the runner kills the script. A request that the runner refuses as invalid is not repeated.
 */
export function createSandboxClient({ url, fetch, token, now }: SandboxClientOptions): Sandbox {
  const base = url.replace(/\/+$/, '')

  const ask = async (
    path: string,
    user: string,
    init: { method: string; body?: string; left?: number; traceparent?: string | undefined },
    signal: AbortSignal,
  ) => {
    const headers = new Headers({ authorization: `Bearer ${await token(user)}` })
    if (init.left !== undefined) headers.set(DEADLINE_HEADER, String(Math.ceil(init.left)))
    if (init.traceparent) headers.set('traceparent', init.traceparent)
    if (init.body !== undefined) headers.set('content-type', 'application/json')
    return await raceAbort(
      fetch(holdRequest(`${base}${path}`, { method: init.method, body: init.body ?? null, headers, signal })),
      signal,
    )
  }

  return {
    async run(job: SandboxJob, { signal, deadline, user, traceparent }): Promise<SandboxResult> {
      const begun = now()
      const left = deadline - steadyNow()
      const timings = () => ({ total_ms: now() - begun })
      if (signal.aborted) return ended('killed', timings())
      if (left <= 0) return ended('timeout', timings())
      // The runner ends the script at the deadline itself and answers; the margin is for that answer's way.
      const limit = deadlineSignal({ maxMs: left + ANSWER_MS, parent: signal })
      try {
        const body = JSON.stringify(toRunRequest(job))
        const response = await ask('/run', user, { method: 'POST', body, left, traceparent }, limit.signal)
        const answer = await raceAbort(response.json(), limit.signal)
        if (!response.ok) return unavailableResult(refusal(response.status, answer), timings())
        return (
          parseRunResponse(answer) ??
          unavailableResult('The sandbox runner answered with no result.', timings())
        )
      } catch (fault) {
        if (signal.aborted) return ended('killed', timings())
        if (limit.signal.aborted)
          return unavailableResult('The sandbox runner did not answer in time.', timings())
        const why = fault instanceof Error ? fault.message : 'unknown fault'
        return unavailableResult(`The sandbox runner cannot be reached: ${why}.`, timings())
      } finally {
        limit.dispose()
      }
    },

    async status(signal): Promise<SandboxStatus> {
      const none = (reason: string) => ({ tier: 'unavailable' as const, runsc: null, platform: null, reason })
      try {
        const response = await ask('/status', STATUS_USER, { method: 'GET' }, signal)
        const answer = await raceAbort(response.json(), signal)
        if (!response.ok) return none(refusal(response.status, answer))
        return parseStatus(answer) ?? none('The sandbox runner answered with no status.')
      } catch (fault) {
        const why = fault instanceof Error ? fault.message : 'unknown fault'
        return none(`The sandbox runner cannot be reached: ${why}.`)
      }
    },
  }
}

/** A script that was ended before the runner could answer. */
function ended(exitClass: 'killed' | 'timeout', timings: Readonly<Record<string, number>>): SandboxResult {
  const errorClass = exitClass === 'timeout' ? 'WallTimeLimit' : null
  return { ...unavailableResult('', timings), exitClass, errorClass, tier: 'gvisor' }
}

/** The runner's own words where it answered in the error shape, else its status. */
function refusal(status: number, body: unknown): string {
  if (typeof body === 'object' && body !== null && 'error' in body) {
    const { error } = body
    if (
      typeof error === 'object' &&
      error !== null &&
      'message' in error &&
      typeof error.message === 'string'
    )
      return error.message
  }
  return `The sandbox runner answered with status ${status}.`
}

/** The promise, or the abort: an injected fetch that goes straight to a handler does not watch the signal itself. */
async function raceAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>()
  const onAbort = () => aborted.reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    signal.throwIfAborted()
    return await Promise.race([promise, aborted.promise])
  } finally {
    signal.removeEventListener('abort', onAbort)
    // The loser of the race may still reject; that is of no more interest.
    promise.catch(() => undefined)
  }
}
