import type { MiddlewareHandler } from 'hono'
import { sameSecret } from '../config/digest.ts'
import { reveal, type Secret } from '../config/secret.ts'
import type { AppEnv } from './app-env.ts'
import { credentialsOf } from './auth.ts'

/**
 * Who may read `/metrics`: anyone on this machine (one process on loopback, without a proxy in front), else who holds
 * METRICS_TOKEN or may use the service.
 */
export interface MetricsAccess {
  readonly open: boolean
  readonly token: Secret | null
}

/** Lets a scraper pass by the access rule; `otherwise` is the service's own authentication. */
export function metricsAuth(
  access: MetricsAccess,
  otherwise: MiddlewareHandler<AppEnv>,
): MiddlewareHandler<AppEnv> {
  const { open, token } = access
  return async (c, next) => {
    if (open && !isForwarded(c.req.raw.headers)) return next()
    if (token !== null)
      for (const credential of credentialsOf(c.req.raw.headers))
        if (await sameSecret(credential, reveal(token))) return next()
    return otherwise(c, next)
  }
}

/** A proxy on this machine brings requests of others; each of the usual ones says so by one of these headers. */
function isForwarded(headers: Headers): boolean {
  return ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip'].some((name) =>
    headers.has(name),
  )
}
