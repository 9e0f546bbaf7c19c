import type { Hono } from 'hono'
import { sameSecret } from '../../../shared/config/digest.ts'
import { AetherError } from '../../../shared/errors/aether-error.ts'
import type { AppEnv } from '../../../shared/http/app-env.ts'
import { credentialsOf } from '../../../shared/http/auth.ts'
import type { SandboxRunnerDeps } from '../deps.ts'
import type { RunnerMetrics } from '../metrics.ts'

/** `GET /metrics` in Prometheus' text format; by its own token where there is one. */
export function registerMetrics(
  app: Hono<AppEnv>,
  { sandbox, metricsToken = null }: Pick<SandboxRunnerDeps, 'sandbox' | 'metricsToken'>,
  metrics: RunnerMetrics,
): void {
  app.get('/metrics', async (c) => {
    if (metricsToken !== null && !(await holds(c.req.raw.headers, metricsToken)))
      throw new AetherError('UNAUTHENTICATED', 'Send METRICS_TOKEN as Authorization: Bearer.')
    const { pool } = await sandbox.status(c.req.raw.signal)
    const headers = { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }
    return c.body(metrics.text(pool), 200, headers)
  })
}

async function holds(headers: Headers, token: string): Promise<boolean> {
  for (const credential of credentialsOf(headers)) if (await sameSecret(credential, token)) return true
  return false
}
