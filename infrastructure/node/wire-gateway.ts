import type { Probe } from '../../functions/gateway/deps.ts'
import { describeTeam } from '../../functions/gateway/describe-team.ts'
import { createGateway } from '../../functions/gateway/handler.ts'
import { systemTimers } from '../../functions/gateway/runs/timers.ts'
import { teamProbes } from '../../functions/gateway/team-probes.ts'
import { run as orchestrate } from '../../functions/orchestrator/agent.ts'
import { readAnalysis } from '../../shared/storage/analyses/read-analysis.ts'
import { createKeyFinder } from '../../shared/storage/api-keys/key-finder.ts'
import { tokensPerDay } from '../../shared/storage/api-keys/tokens-per-day.ts'
import { type LinkTo, needDb, type Resources, type Service } from './resources.ts'
import { wireModel, wirePeer, wireSandboxStatus, wireSteps } from './wire-agents.ts'
import { wirePush } from './wire-push.ts'

/** The gateway with the orchestrator inside its process, and the architect by its link. */
export function wireGateway(resources: Resources, linkTo: LinkTo): Service {
  const { settings, now, newId, metrics, llm, home, tracing } = resources
  const db = needDb(resources)
  const architect = wirePeer('gateway', 'architect', resources, linkTo)
  const fromOrchestrator = wirePeer('orchestrator', 'architect', resources, linkTo)
  const orchestrator = {
    llm: wireModel('orchestrator', resources),
    newId,
    architect: fromOrchestrator,
    tracer: tracing.tracer('orchestrator'),
    log: resources.log.child({ service: 'orchestrator' }),
    steps: wireSteps(resources),
  }
  const sandbox = wireSandboxStatus(resources, linkTo)
  const find = createKeyFinder({ db, now })
  const tasks = resources.tasks.of('gateway')
  const push = wirePush(resources, tasks)
  const working = new Set<Promise<unknown>>()
  const { serviceSecret } = settings
  const probes: readonly Probe[] = teamProbes({
    ...resources,
    db,
    serviceSecret,
    runner: sandbox,
    traceTargets: tracing.targets,
    linkTo,
  })
  const gateway = createGateway({
    db,
    orchestrate: (turn, call) => orchestrate(turn, orchestrator, call),
    tracer: tracing.tracer('gateway'),
    assess: tracing.assess,
    architect,
    llm: wireModel('gateway', resources),
    find: async (secret) => {
      const actor = await find(secret)
      return actor && { ...actor, tokensPerDay: actor.tokensPerDay ?? settings.tokensPerDay }
    },
    prices: settings.prices,
    budgetOf: async (id) => (await tokensPerDay(db, { id })) ?? settings.tokensPerDay,
    readAnalysis: (input) => readAnalysis(db, input),
    probes,
    describe: () => describeTeam({ home, llm, runner: sandbox }),
    mode: settings.mode,
    version: resources.version,
    now,
    newId,
    log: resources.log.child({ service: 'gateway' }),
    timers: systemTimers,
    waitUntil: (work) => {
      working.add(work)
      work.catch(() => {}).finally(() => working.delete(work)) // the work itself reports its faults
    },
    instance: newId('call'),
    publicUrl: settings.publicUrl,
    keepMs: settings.keepMs,
    metrics: metrics.child({ service: 'gateway' }),
    tasks,
    signer: resources.signer,
    push: push?.methods ?? null,
    metricsAccess: settings.metricsAccess,
    corsOrigins: settings.corsOrigins,
    clientOf: resources.clientOf,
    limits: { turnMs: settings.turnMs },
  })
  return {
    fetch: async (request, init) => gateway.app.fetch(request, init),
    start: () => {
      gateway.start()
      push?.start()
    },
    drain: async (graceMs) => {
      await gateway.drain(graceMs)
      await Promise.allSettled(working)
      await push?.stop()
    },
  }
}
