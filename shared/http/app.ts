import { type Context, Hono } from 'hono'
import type { Router } from 'hono/router'
import { secureHeaders } from 'hono/secure-headers'
import type { H, RouterRoute } from 'hono/types'
import type { Log } from '../config/log.ts'
import type { NewId, Now } from '../domain/ids.ts'
import { toAetherError } from '../errors/aether-error.ts'
import { ERRORS } from '../errors/table.ts'
import { toHttp } from '../errors/to-http.ts'
import type { AppEnv } from './app-env.ts'
import { DEFAULT_BODY_LIMIT, limitBody } from './body.ts'
import { corsFor } from './cors.ts'
import { measureRequests } from './measure-requests.ts'
import type { Metrics } from './metrics.ts'
import { createNotFound } from './not-found.ts'
import { accessLog, requestContext } from './request-context.ts'

export interface AppOptions {
  readonly service: string
  readonly log: Log
  readonly newId: NewId
  readonly now: Now
  /** Where its requests are counted; nowhere for an app without `/metrics`. */
  readonly metrics?: Metrics
  /** Where a request comes from, for its log line; null where it cannot be told. */
  readonly clientOf?: ((request: Request) => string | null) | undefined
  readonly bodyLimitBytes?: number
  /** Browsers speak to it: its answers carry the headers that they heed. An agent is asked by programs with a token. */
  readonly browsers?: boolean
  readonly cors?: { readonly origins: readonly string[] }
  /** How routes are found, where the usual way does not pay. */
  readonly router?: Router<AnyHandler> | undefined
}

/** What a router of an app holds. */
export type AnyHandler = [H, RouterRoute]

/**
 * An app with everything that all our services share: request id, trace context, one log line and one count a request,
 * secure headers where browsers come, CORS where origins are given, a body limit, errors and missing routes in OpenAI's
 * shape. Routes throw AetherError; what else they throw becomes INTERNAL with its cause in the log alone.
 */
export function createApp(options: AppOptions): Hono<AppEnv> {
  const { log } = options
  const app = new Hono<AppEnv>(options.router ? { router: options.router } : {})

  const onError = (thrown: Error, c: Context<AppEnv>): Response => {
    const error = toAetherError(thrown)
    c.get('logFields').code = error.code
    // What the caller did wrong is told to the caller; what we did wrong needs its cause in the log.
    if (ERRORS[error.code].http >= 500)
      log.error('request failed', { request_id: c.get('requestId'), error, code: error.code })
    return toHttp(error, c.get('requestId'))
  }

  app.onError(onError)
  app.use(requestContext(options.newId))
  const { clientOf = () => null } = options
  app.use(accessLog({ write: (message, fields) => log.info(message, fields), now: options.now, clientOf }))
  if (options.metrics) app.use(measureRequests(options.metrics, options.now))
  // TLS is for the proxy in front to demand; a route's own header (a page, an image for other sites) stays.
  if (options.browsers) app.use(secureHeaders({ strictTransportSecurity: false, overwrite: false }))
  if (options.cors && options.cors.origins.length > 0) app.use(corsFor(options.cors.origins))
  app.use(limitBody(options.bodyLimitBytes ?? DEFAULT_BODY_LIMIT))
  app.notFound(createNotFound(app))
  return app
}
