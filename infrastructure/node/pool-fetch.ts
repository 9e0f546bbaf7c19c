import { rootCertificates } from 'node:tls'
import { Agent } from 'undici'
import type { Fetch } from '../../shared/http/fetch.ts'
import { exchange } from './exchange.ts'

export interface PoolFetchOptions {
  /** Until the headers of an answer are there; bodies are bounded by their readers. */
  readonly headersTimeoutMs?: number
  /** Certificates (PEM) of authorities to trust beside the usual ones. */
  readonly authorities?: string
}

/** Headers that belong to one connection; the pool sets its own. */
const OF_THE_LINK = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'content-length',
  'host',
  'upgrade',
])

/**
 * A fetch over kept-alive connections, one pool for each origin: about half the cost of the global one. Bodies stream;
 * an abort of the signal, or a cancelled answer, closes the exchange. Redirects are answers like any other,
 * and nothing is decompressed: it is made for our own services, and for a provider that answers where it is asked.
 */
export function createPoolFetch(options: PoolFetchOptions = {}): { fetch: Fetch; close(): Promise<void> } {
  const agent = new Agent({
    keepAliveTimeout: 60_000, // below the 65 s of the other side, which must not be the first to hang up
    headersTimeout: options.headersTimeoutMs ?? 300_000,
    bodyTimeout: 0,
    connect: { timeout: 5_000, ...trust(options.authorities) },
  })
  const fetch: Fetch = async (request, init) => {
    const signal = init?.signal ?? request.signal
    signal.throwIfAborted()
    const { origin, pathname, search } = new URL(request.url)
    const body = request.body === null ? null : new Uint8Array(await request.arrayBuffer())
    const headers: string[] = []
    for (const [name, value] of request.headers) if (!OF_THE_LINK.has(name)) headers.push(name, value)
    const method = toMethod(request.method)
    return exchange(signal, (handler) =>
      agent.dispatch({ origin, path: pathname + search, method, headers, body }, handler),
    )
  }
  return { fetch, close: () => agent.destroy() }
}

/** Options of a TLS connection that trusts further authorities; the usual ones stay. */
export function trust(authorities: string | undefined): { ca?: string[] } {
  return authorities === undefined ? {} : { ca: [...rootCertificates, authorities] }
}

type Method = Parameters<Agent['dispatch']>[0]['method']

/** undici takes any method name; its type lists the usual ones. */
function toMethod(method: string): Method {
  return method as Method
}
