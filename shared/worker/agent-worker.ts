import type { Hono } from 'hono'
import type { AgentServiceDeps } from '../a2a/agent-service.ts'
import type { ServiceName } from '../domain/names.ts'
import type { HomeSource } from '../home/port.ts'
import type { AppEnv } from '../http/app-env.ts'
import type { MetricsAccess } from '../http/metrics-auth.ts'
import { serviceAuth } from '../http/service-token.ts'
import type { LanguageModel } from '../llm/port.ts'
import type { Db } from '../storage/db.ts'
import type { Tracer } from '../tracing/tracer.ts'
import { type Basics, createBasics } from './basics.ts'
import type { Worker, WorkerEnv } from './bindings.ts'
import { openDbIfBound } from './database.ts'
import type { AgentEnv } from './env.ts'
import { openHome } from './home.ts'
import { openModel } from './model.ts'
import { createQuickRouter } from './router.ts'
import { secretsOf } from './secrets.ts'
import { serve } from './serve.ts'
import { openTasks } from './tasks.ts'
import { openRequestTracing } from './tracing.ts'

const HOME_MS = 1_500
/** There is nothing in them that would outlive the request. */
const NO_METRICS: MetricsAccess = { open: false, token: null }

/** What an agent's worker builds its handler from, opened for one request. */
export interface AgentParts<E> {
  readonly env: E
  /** Variables and bindings as the platform gives them. */
  readonly bindings: WorkerEnv
  readonly basics: Basics
  /** Null in a worker that is bound to none. */
  readonly db: Db | null
  readonly home: HomeSource
  readonly llm: LanguageModel
  readonly common: AgentServiceDeps & { readonly tracer: Tracer }
}

/** The worker of an agent: its variables are checked, and everything that it needs is opened, for each request. */
export function createAgentWorker<E extends AgentEnv>(
  service: ServiceName,
  read: (bindings: WorkerEnv) => E,
  build: (parts: AgentParts<E>) => Hono<AppEnv>,
): Worker {
  return {
    fetch: (request, bindings, context) =>
      serve(service, request, context, async (scope) => {
        const env = read(bindings)
        const secrets = secretsOf(env, bindings)
        const basics = createBasics({ service, level: env.LOG_LEVEL, secrets })
        const tracing = openRequestTracing(env, secrets, basics, scope)
        const db = openDbIfBound(bindings, scope)
        const home = openHome(env, basics, scope)
        const { now } = basics
        const app = build({
          env,
          bindings,
          basics,
          db,
          home,
          llm: openModel(env, basics),
          common: {
            ...basics,
            tracer: tracing.tracer(service),
            metricsAccess: NO_METRICS,
            tasks: openTasks(service, db, basics, scope),
            authenticate: serviceAuth({
              secret: env.SERVICE_SECRET,
              audience: service,
              now,
              scope: 'a2a',
            }),
            publicUrl: env.PUBLIC_URL ?? new URL(request.url).origin,
            version: env.AETHER_VERSION,
            ready: () => homeAnswers(home, basics),
            keep: scope.waitUntil,
            // What runs a task ends with the request that brought it: nobody could come back to it.
            graceMs: 0,
            router: createQuickRouter(),
          },
        })
        return app.fetch(request)
      }),
  }
}

/** Ready once the home can be read. */
async function homeAnswers(home: HomeSource, { log }: Basics): Promise<boolean> {
  try {
    await home.info({ signal: AbortSignal.timeout(HOME_MS) })
    return true
  } catch (error) {
    log.warn('the home cannot be read', { error })
    return false
  }
}
