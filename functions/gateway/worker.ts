import type * as v from 'valibot'
import type { ServiceName } from '../../shared/domain/names.ts'
import { createTokenSource } from '../../shared/http/service-token.ts'
import { NO_PRICES } from '../../shared/llm/prices.ts'
import { createSandboxClient } from '../../shared/sandbox/client.ts'
import { createPostgresStepStore } from '../../shared/steps/postgres-step-store.ts'
import { readAnalysis } from '../../shared/storage/analyses/read-analysis.ts'
import { createKeyFinder } from '../../shared/storage/api-keys/key-finder.ts'
import { tokensPerDay } from '../../shared/storage/api-keys/tokens-per-day.ts'
import type { Db } from '../../shared/storage/db.ts'
import { type Basics, createBasics } from '../../shared/worker/basics.ts'
import { serviceBinding, type Worker, type WorkerEnv } from '../../shared/worker/bindings.ts'
import { openDb } from '../../shared/worker/database.ts'
import { readEnv } from '../../shared/worker/env.ts'
import { openHome } from '../../shared/worker/home.ts'
import { openModel } from '../../shared/worker/model.ts'
import { type Link, linkOf, peerOver } from '../../shared/worker/peer.ts'
import { createQuickRouter } from '../../shared/worker/router.ts'
import { type Scope, withinScope } from '../../shared/worker/scope.ts'
import { secretsOf } from '../../shared/worker/secrets.ts'
import { serve } from '../../shared/worker/serve.ts'
import { openTasks, sweepTasks } from '../../shared/worker/tasks.ts'
import { openRequestTracing } from '../../shared/worker/tracing.ts'
import { run as orchestrate } from '../orchestrator/agent.ts'
import type { Gateway } from './deps.ts'
import { describeTeam } from './describe-team.ts'
import { GatewayEnv } from './env.ts'
import { createGateway } from './handler.ts'
import { systemTimers } from './runs/timers.ts'
import { teamProbes } from './team-probes.ts'

/** A Cron Trigger's call may last 15 minutes; the last one is for letting go. */
const SCHEDULED_MS = 14 * 60_000
/** A cancel comes in with another request, and reaches the run through the database alone. */
const BEAT_MS = 500
/** Who keeps tasks in Postgres. */
const KEEPERS: readonly ServiceName[] = ['gateway', 'architect', 'ds_orchestrator']

/**
 * The gateway, with the orchestrator inside, as a worker: bound to HYPERDRIVE, ARCHITECT, DS_ORCHESTRATOR and DS_ANALYSTS.
 * Each request has a gateway of its own, as if it were a process: what is shared between them is in Postgres. A Cron
 * Trigger takes up the runs that lost theirs, and ends tasks that did.
 */
const worker: Worker = {
  fetch: (request, bindings, context) =>
    serve('gateway', request, context, async (scope) => {
      const env = readEnv(GatewayEnv, bindings)
      const { gateway } = open(env, bindings, scope, new URL(request.url).origin)
      scope.onAnswered(async () => {
        await scope.idle(env.AFTER_ANSWER_S)
        await gateway.drain(0) // what is left is handed over
      })
      return gateway.app.fetch(request)
    }),
  scheduled: (_event, bindings) =>
    withinScope(
      async (scope) => {
        const env = readEnv(GatewayEnv, bindings)
        const { gateway, db, basics } = open(env, bindings, scope, 'http://gateway.internal')
        await Promise.all([gateway.sweep(), sweepTasks(KEEPERS, db, basics)])
        await gateway.drain(SCHEDULED_MS)
      },
      (error) =>
        createBasics({ service: 'gateway', level: 'info', secrets: [] }).log.warn('closing', { error }),
    ),
}

export default worker

const BINDINGS: Readonly<Partial<Record<ServiceName, string>>> = {
  architect: 'ARCHITECT',
  ds_orchestrator: 'DS_ORCHESTRATOR',
  ds_analysts: 'DS_ANALYSTS',
}

function open(
  env: v.InferOutput<typeof GatewayEnv>,
  bindings: WorkerEnv,
  scope: Scope,
  origin: string,
): { gateway: Gateway; db: Db; basics: Basics } {
  const secret = env.SERVICE_SECRET
  const secrets = secretsOf(env, bindings)
  const basics = createBasics({ service: 'gateway', level: env.LOG_LEVEL, secrets })
  const tracing = openRequestTracing(env, secrets, basics, scope)
  const { now, newId } = basics
  const db = openDb(bindings, scope)
  const home = openHome(env, basics, scope)
  const llm = openModel(env, basics)
  const linkTo = (service: ServiceName): Link =>
    linkOf(service, serviceBinding(bindings, BINDINGS[service] ?? service))
  const architect = linkTo('architect')
  const fromOrchestrator = peerOver(architect, { from: 'orchestrator', to: 'architect' }, secret, basics)
  const runner = createSandboxClient({
    ...linkTo('ds_analysts'),
    token: createTokenSource({ secret, issuer: 'gateway', audience: 'ds_analysts', now }),
    now,
  })
  const find = createKeyFinder({ db, now })
  const tokensOfAll = env.KEY_TOKENS_PER_DAY ?? null
  const gateway = createGateway({
    ...basics,
    db,
    orchestrate: (turn, call) =>
      orchestrate(
        turn,
        {
          llm,
          newId,
          architect: fromOrchestrator,
          tracer: tracing.tracer('orchestrator'),
          log: basics.log,
          steps: createPostgresStepStore(db),
        },
        call,
      ),
    tracer: tracing.tracer('gateway'),
    assess: tracing.assess,
    architect: peerOver(architect, { from: 'gateway', to: 'architect' }, secret, basics),
    llm,
    find: async (secret) => {
      const actor = await find(secret)
      return actor && { ...actor, tokensPerDay: actor.tokensPerDay ?? tokensOfAll }
    },
    prices: env.LLM_PRICES ?? NO_PRICES,
    budgetOf: async (id) => (await tokensPerDay(db, { id })) ?? tokensOfAll,
    readAnalysis: (input) => readAnalysis(db, input),
    probes: teamProbes({
      db,
      home,
      homeHealth: null,
      llm,
      lookAtModel: async (signal) => {
        await llm.resolve(null, signal)
        return { state: 'ok' }
      },
      now,
      serviceSecret: secret,
      runner,
      traceTargets: tracing.targets,
      linkTo,
    }),
    describe: () => describeTeam({ home, llm, runner }),
    mode: 'workers',
    version: env.AETHER_VERSION,
    timers: systemTimers,
    waitUntil: scope.waitUntil,
    instance: newId('call'),
    publicUrl: env.PUBLIC_URL ?? origin,
    tasks: openTasks('gateway', db, basics, scope),
    // Old things are deleted by whoever is always there: a Node host, or the database's own scheduler.
    keepMs: null,
    metricsAccess: { open: false, token: env.METRICS_TOKEN ?? null },
    corsOrigins: env.CORS_ORIGINS,
    router: createQuickRouter(),
    limits: { turnMs: env.TURN_TIMEOUT_S, beatMs: BEAT_MS },
  })
  return { gateway, db, basics }
}
