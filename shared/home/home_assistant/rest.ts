import type { Fetch } from '../../http/fetch.ts'
import { holdRequest } from '../../http/hold-request.ts'
import { assertReadable } from './calls.ts'
import { CallRefused, LinkFault } from './fault.ts'

/** Longest answer that is read, in bytes. */
const MOST_BYTES = 8_000_000
const DEADLINE_MS = 10_000

export interface Rest {
  /** The text at a path. Rejects with CallRefused (`unauthorized`, `not_found`), LinkFault, or the signal's reason. */
  get(path: string, signal: AbortSignal): Promise<string>
}

/** What only REST serves, by an injected fetch. `base` is asked at each call: it may change until the first answer. */
export function createRest(deps: { base: () => string; token: string; fetch: Fetch }): Rest {
  return {
    async get(path, signal) {
      assertReadable(path)
      signal.throwIfAborted()
      const bounded = AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)])
      try {
        const response = await deps.fetch(
          holdRequest(`${deps.base()}${path}`, {
            headers: { authorization: `Bearer ${deps.token}` },
            redirect: 'manual',
            signal: bounded,
          }),
        )
        if (response.status !== 200) {
          await response.body?.cancel()
          throw refusalOf(response.status)
        }
        return await readBounded(response)
      } catch (error) {
        if (signal.aborted) throw signal.reason
        if (error instanceof CallRefused || error instanceof LinkFault) throw error
        throw new LinkFault(bounded.aborted ? 'slow' : 'cut', { cause: error })
      }
    },
  }
}

function refusalOf(status: number): Error {
  if (status === 401 || status === 403) return new CallRefused('unauthorized')
  if (status === 404) return new CallRefused('not_found')
  return new LinkFault('failed')
}

async function readBounded(response: Response): Promise<string> {
  const reader = response.body?.getReader()
  if (!reader) return ''
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return text + decoder.decode()
    bytes += value.byteLength
    if (bytes > MOST_BYTES) {
      await reader.cancel()
      throw new LinkFault('too_large')
    }
    text += decoder.decode(value, { stream: true })
  }
}
