import type { MiddlewareHandler } from 'hono'
import type { Log } from '../../shared/config/log.ts'
import type { NewId, Now } from '../../shared/domain/ids.ts'
import type { AppEnv } from '../../shared/http/app-env.ts'
import type { Metrics } from '../../shared/http/metrics.ts'
import type { MetricsAccess } from '../../shared/http/metrics-auth.ts'
import type { Sandbox } from '../../shared/sandbox/port.ts'

export interface SandboxRunnerDeps {
  readonly sandbox: Sandbox
  /** Lets in who holds a service token for `sandbox_runner`, and sets the actor. */
  readonly authenticate: MiddlewareHandler<AppEnv>
  readonly log: Log
  readonly newId: NewId
  readonly now: Now
  readonly metrics: Metrics
  readonly metricsAccess: MetricsAccess
}
