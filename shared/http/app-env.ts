import type { Context } from 'hono'
import type { FetchInit } from './fetch.ts'

/** Who makes the request: an API key, or the person on whose behalf another of our services calls. */
export interface Actor {
  /** Key id, or the subject of a service token. Things are owned by it. */
  readonly id: string
  /** For people and logs: name of the key, or the calling service. */
  readonly name: string
  readonly scopes: readonly string[]
  /** Tokens of language models that it may use in 24 hours; absent or null: any number. */
  readonly tokensPerDay?: number | null
  /** Set for service tokens: who signed. */
  readonly issuer?: string
}

/** What our middleware leaves in the context of a request. */
export interface AppEnv {
  /** What a caller in this process gives beside the request. */
  Bindings: FetchInit
  Variables: {
    requestId: string
    /** Set once a route's authentication has passed. */
    actor: Actor
    /** W3C trace context of this request: the caller's, or a new one. */
    traceparent: string
    /** Fields that a route adds to the request's log line. */
    logFields: Record<string, unknown>
    /** Set by a route that streams: the log line waits for it. It never rejects. */
    streamEnd?: Promise<unknown>
  }
}

/** Aborts when whoever made the request has gone; undefined where the platform does not tell. */
export function goneOf(c: Context<AppEnv>): AbortSignal | undefined {
  // No bindings at all come with a request from a socket.
  const beside: FetchInit | undefined = c.env
  return beside?.signal ?? c.req.raw.signal
}
