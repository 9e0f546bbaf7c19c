import type { MiddlewareHandler } from 'hono'
import type { NewId, Now } from '../domain/ids.ts'
import type { AppEnv } from './app-env.ts'
import { routeOf } from './route-of.ts'
import { newTraceparent, parseTraceparent } from './trace-context.ts'

const FORM = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/

/**
 * Gives every request an id (the caller's `X-Request-Id` where it is well formed), a trace context and log fields, and
 * echoes the id on every answer.
 */
export function requestContext(newId: NewId): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const asked = c.req.raw.headers.get('x-request-id')
    const requestId = asked !== null && FORM.test(asked) ? asked : newId('req')
    const traceparent = c.req.raw.headers.get('traceparent')
    c.set('requestId', requestId)
    c.set(
      'traceparent',
      traceparent !== null && parseTraceparent(traceparent) ? traceparent : newTraceparent(),
    )
    c.set('logFields', {})
    await next()
    c.res.headers.set('x-request-id', requestId)
  }
}

/**
 * Writes one wide line a request, when its answer has ended: method, route pattern, status, milliseconds, declared
 * bytes, from where and who asked, trace and request id, outcome, and what the route added. Never the query, a header or a body.
 */
export function accessLog(deps: {
  readonly write: (message: string, fields: Record<string, unknown>) => void
  readonly now: Now
  readonly clientOf: (request: Request) => string | null
}): MiddlewareHandler<AppEnv> {
  const { write, now, clientOf } = deps
  return async (c, next) => {
    const start = now()
    const client = clientOf(c.req.raw) // asked while its connection is there
    await next()
    const headersMs = now() - start
    const line = () => {
      const actor = c.get('actor')
      const length = c.res.headers.get('content-length')
      write('request', {
        request_id: c.get('requestId'),
        trace_id: c.get('traceparent').slice(3, 35),
        method: c.req.method,
        route: routeOf(c),
        status: c.res.status,
        ms: now() - start,
        ...(c.get('streamEnd') ? { headers_ms: headersMs } : {}),
        ...(length === null ? {} : { bytes: Number(length) }),
        ...(client === null ? {} : { client }),
        ...(actor ? { actor: actor.name, user: actor.id } : {}),
        outcome: c.res.status < 400 ? 'ok' : c.res.status < 500 ? 'refused' : 'failed',
        ...c.get('logFields'),
      })
    }
    const end = c.get('streamEnd')
    if (end) void end.then(line, line)
    else line()
  }
}
