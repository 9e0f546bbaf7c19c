import type { Readable } from 'node:stream'
import { rootCertificates } from 'node:tls'
import { Agent } from 'undici'
import type { Fetch } from '../../shared/http/fetch.ts'

export interface PoolFetchOptions {
  /** Until the headers of an answer are there; bodies are bounded by their readers. */
  readonly headersTimeoutMs?: number
  /** Certificates (PEM) of authorities to trust beside the usual ones. */
  readonly authorities?: string
}

/** Answers to these have no body, and a Response refuses one. */
const BODILESS = new Set([101, 204, 205, 304])

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
 * an abort of the request's signal, or a cancelled answer, closes the exchange. Redirects are answers like any other,
 * and nothing is decompressed: it is made for our own services.
 */
export function createPoolFetch(options: PoolFetchOptions = {}): { fetch: Fetch; close(): Promise<void> } {
  const agent = new Agent({
    keepAliveTimeout: 60_000, // below the 65 s of the other side, which must not be the first to hang up
    headersTimeout: options.headersTimeoutMs ?? 300_000,
    bodyTimeout: 0,
    connect: { timeout: 5_000, ...trust(options.authorities) },
  })
  const fetch: Fetch = async (request) => {
    request.signal.throwIfAborted()
    const { origin, pathname, search } = new URL(request.url)
    const body = request.body === null ? null : new Uint8Array(await request.arrayBuffer())
    const answer = await agent
      .request({
        origin,
        path: pathname + search,
        method: toMethod(request.method),
        headers: [...request.headers].filter(([name]) => !OF_THE_LINK.has(name)).flat(),
        body,
        signal: request.signal,
      })
      .catch((error: unknown) => {
        throw request.signal.aborted ? request.signal.reason : error
      })
    const headers = new Headers()
    for (const [name, value] of Object.entries(answer.headers))
      for (const one of Array.isArray(value) ? value : [value ?? '']) headers.append(name, one)
    if (BODILESS.has(answer.statusCode)) {
      await answer.body.dump()
      return new Response(null, { status: answer.statusCode, headers })
    }
    return new Response(toBody(answer.body), { status: answer.statusCode, headers })
  }
  return { fetch, close: () => agent.destroy() }
}

/** Options of a TLS connection that trusts further authorities; the usual ones stay. */
export function trust(authorities: string | undefined): { ca?: string[] } {
  return authorities === undefined ? {} : { ca: [...rootCertificates, authorities] }
}

/** One chunk a pull. The platform's own conversion throws where nobody can catch it when data follows a cancel. */
function toBody(body: Readable): ReadableStream<Uint8Array> {
  const chunks: AsyncIterator<Uint8Array> = body[Symbol.asyncIterator]()
  body.on('error', () => {}) // the next pull rejects with it
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await chunks.next()
        if (done) controller.close()
        else controller.enqueue(value)
      },
      cancel() {
        body.destroy()
      },
    },
    { highWaterMark: 0 },
  )
}

type Method = NonNullable<Parameters<Agent['request']>[0]['method']>

/** undici takes any method name; its type lists the usual ones. */
function toMethod(method: string): Method {
  return method as Method
}
