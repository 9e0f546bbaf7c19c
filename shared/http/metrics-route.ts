import type { Hono, MiddlewareHandler } from 'hono'
import type { AppEnv } from './app-env.ts'
import type { Metrics } from './metrics.ts'
import { type MetricsAccess, metricsAuth } from './metrics-auth.ts'
import { metricsResponse } from './metrics-text.ts'

export interface MetricsRoute {
  readonly metrics: Metrics
  readonly metricsAccess: MetricsAccess
  /** The service's own authentication: who may use it may read its metrics too. */
  readonly authenticate: MiddlewareHandler<AppEnv>
}

/** `GET /metrics` in Prometheus' text format. */
export function mountMetrics(app: Hono<AppEnv>, route: MetricsRoute): void {
  app.get('/metrics', metricsAuth(route.metricsAccess, route.authenticate), async () =>
    metricsResponse(await route.metrics.text()),
  )
}
