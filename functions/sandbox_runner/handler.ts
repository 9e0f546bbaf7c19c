import type { Hono } from 'hono'
import { createApp } from '../../shared/http/app.ts'
import type { AppEnv } from '../../shared/http/app-env.ts'
import type { SandboxRunnerDeps } from './deps.ts'
import { createRunnerMetrics } from './metrics.ts'
import { registerMetrics } from './routes/metrics.ts'
import { registerProbes } from './routes/probes.ts'
import { registerRun } from './routes/run.ts'

/** Files of 8 MiB as base64, a script, and the JSON around them. */
const BODY_LIMIT_BYTES = 12 * 1_048_576

/** The sandbox runner's HTTP face: `POST /run`, `GET /status`, `GET /metrics`, and the free `GET /health` and `/ready`. */
export function createSandboxRunner(deps: SandboxRunnerDeps): Hono<AppEnv> {
  const { log, newId, now } = deps
  const app = createApp({ service: 'sandbox_runner', log, newId, now, bodyLimitBytes: BODY_LIMIT_BYTES })
  const metrics = createRunnerMetrics()
  registerProbes(app, deps)
  registerMetrics(app, deps, metrics)
  registerRun(app, deps, metrics)
  // Strangers do not even learn which routes there are.
  app.use('*', deps.authenticate)
  return app
}
