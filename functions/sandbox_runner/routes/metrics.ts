import type { Hono } from 'hono'
import type { AppEnv } from '../../../shared/http/app-env.ts'
import { metricsResponse } from '../../../shared/http/metrics.ts'
import { metricsAuth } from '../../../shared/http/metrics-auth.ts'
import type { SandboxRunnerDeps } from '../deps.ts'
import type { RunnerMetrics } from '../metrics.ts'

/** `GET /metrics` in Prometheus' text format, for scrapers and for who may use the runner. */
export function registerMetrics(
  app: Hono<AppEnv>,
  deps: Pick<SandboxRunnerDeps, 'sandbox' | 'authenticate' | 'metricsAccess'>,
  metrics: RunnerMetrics,
): void {
  app.get('/metrics', metricsAuth(deps.metricsAccess, deps.authenticate), async (c) => {
    const { pool } = await deps.sandbox.status(c.req.raw.signal)
    return metricsResponse(metrics.text(pool))
  })
}
