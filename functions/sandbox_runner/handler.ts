import type { Hono } from 'hono'
import { createApp } from '../../shared/http/app.ts'
import type { AppEnv } from '../../shared/http/app-env.ts'
import { mountMetrics } from '../../shared/http/metrics-route.ts'
import type { SandboxRunnerDeps } from './deps.ts'
import { registerProbes } from './routes/probes.ts'
import { registerRun } from './routes/run.ts'

/** Files of 8 MiB as base64, a script, and the JSON around them. */
const BODY_LIMIT_BYTES = 12 * 1_048_576

/** The sandbox runner's HTTP face: `POST /run`, `GET /status`, `GET /metrics`, and the free `GET /health` and `/ready`. */
export function createSandboxRunner(deps: SandboxRunnerDeps): Hono<AppEnv> {
  const { log, newId, now, metrics } = deps
  const app = createApp({
    service: 'sandbox_runner',
    log,
    newId,
    now,
    metrics,
    bodyLimitBytes: BODY_LIMIT_BYTES,
  })
  registerProbes(app, deps)
  mountMetrics(app, deps)
  registerRun(app, deps)
  // Strangers do not even learn which routes there are.
  app.use('*', deps.authenticate)
  return app
}
