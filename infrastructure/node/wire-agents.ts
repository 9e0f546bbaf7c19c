import { createArchitect } from '../../functions/architect/handler.ts'
import { createDsAnalysts } from '../../functions/ds_analysts/handler.ts'
import { createDsOrchestrator } from '../../functions/ds_orchestrator/handler.ts'
import { createSandboxRunner } from '../../functions/sandbox_runner/handler.ts'
import { createPeer, type Peer } from '../../shared/a2a/client.ts'
import { createMemoryTaskStore } from '../../shared/a2a/memory-task-store.ts'
import type { Catalogue } from '../../shared/domain/catalogue.ts'
import type { ServiceName } from '../../shared/domain/names.ts'
import { createRegistryCatalogue } from '../../shared/home/registry-catalogue.ts'
import { createTokenSource, serviceAuth } from '../../shared/http/service-token.ts'
import { createSandboxClient } from '../../shared/sandbox/client.ts'
import type { Sandbox } from '../../shared/sandbox/port.ts'
import { createAnalysis } from '../../shared/storage/analyses/create-analysis.ts'
import { finishAnalysis } from '../../shared/storage/analyses/finish-analysis.ts'
import { recordAttempt } from '../../shared/storage/analyses/record-attempt.ts'
import { createSyncedCatalogue } from './catalogue.ts'
import { addressOf, type LinkTo, needDb, type Resources, type Service } from './resources.ts'

/** Tasks that a service keeps in memory; the oldest that have ended go first. */
export const TASKS = 1_000

/** What each agent service takes from the process that hosts it. */
function common(service: ServiceName, resources: Resources) {
  const { now, newId, log, version, settings } = resources
  return {
    now,
    newId,
    version,
    log: log.child({ service }),
    tasks: createMemoryTaskStore({ max: TASKS, now }),
    authenticate: serviceAuth({ secret: settings.serviceSecret, audience: service, now, scope: 'a2a' }),
    publicUrl: addressOf(service, settings),
    tracer: resources.tracing.tracer(service),
  }
}

/** A peer that is reached by its link, with a short-lived token for each user. */
export function wirePeer(from: ServiceName, to: ServiceName, resources: Resources, linkTo: LinkTo): Peer {
  const { now, newId, settings } = resources
  const { url, fetch } = linkTo(to)
  const token = createTokenSource({ secret: settings.serviceSecret, issuer: from, audience: to, now })
  return createPeer({ service: to, url, fetch, token, now, newId })
}

/** The sandbox as ds_analysts, its only caller, sees it: the gateway asks for its status alone. */
export function wireSandboxStatus(resources: Resources, linkTo: LinkTo): Pick<Sandbox, 'status'> {
  const { now, settings } = resources
  const { url, fetch } = linkTo('ds_analysts')
  const token = createTokenSource({
    secret: settings.serviceSecret,
    issuer: 'gateway',
    audience: 'ds_analysts',
    now,
  })
  return createSandboxClient({ url, fetch, token, now })
}

export function wireArchitect(resources: Resources, linkTo: LinkTo): Service {
  const { home, llm } = resources
  const dsOrchestrator = wirePeer('architect', 'ds_orchestrator', resources, linkTo)
  const app = createArchitect({
    ...common('architect', resources),
    home,
    catalogue: wireCatalogue(resources),
    llm,
    dsOrchestrator,
    ready: homeAnswers(resources),
  })
  return { fetch: async (request) => app.fetch(request) }
}

/** Kept in Postgres where the process has one. */
function wireCatalogue(resources: Resources): Catalogue {
  const { db, home, onHomeChange, now, log } = resources
  return db ? createSyncedCatalogue({ db, home, onHomeChange, now, log }) : createRegistryCatalogue(home)
}

export function wireDsOrchestrator(resources: Resources, linkTo: LinkTo): Service {
  const { home, llm, settings } = resources
  const db = needDb(resources)
  const app = createDsOrchestrator({
    ...common('ds_orchestrator', resources),
    home,
    llm,
    dsAnalysts: wirePeer('ds_orchestrator', 'ds_analysts', resources, linkTo),
    analyses: {
      create: (analysis) => createAnalysis(db, analysis),
      recordAttempt: (entry) => recordAttempt(db, entry),
      finish: (entry) => finishAnalysis(db, entry),
    },
    threshold: settings.threshold,
    maxAttempts: settings.maxAttempts,
    ready: homeAnswers(resources),
  })
  return { fetch: async (request) => app.fetch(request) }
}

export function wireDsAnalysts(resources: Resources, linkTo: LinkTo): Service {
  const { home, llm, now, settings } = resources
  const runner = linkTo('sandbox_runner')
  const token = createTokenSource({
    secret: settings.serviceSecret,
    issuer: 'ds_analysts',
    audience: 'sandbox_runner',
    now,
  })
  const sandbox = createSandboxClient({ url: runner.url, fetch: runner.fetch, token, now })
  const app = createDsAnalysts({
    ...common('ds_analysts', resources),
    home,
    llm,
    sandbox,
    ready: homeAnswers(resources),
  })
  return { fetch: async (request) => app.fetch(request) }
}

export function wireSandboxRunner(resources: Resources): Service {
  const { now, newId, log, gvisor, settings } = resources
  const app = createSandboxRunner({
    sandbox: gvisor,
    authenticate: serviceAuth({ secret: settings.serviceSecret, audience: 'sandbox_runner', now }),
    log: log.child({ service: 'sandbox_runner' }),
    newId,
    now,
    metricsAccess: settings.metricsAccess,
  })
  return { fetch: async (request) => app.fetch(request) }
}

/** Ready once the home can be read; a home that cannot says why in `/status`. */
function homeAnswers(resources: Resources): () => Promise<boolean> {
  return async () => {
    try {
      await resources.home.info({ signal: AbortSignal.timeout(1_500) })
      return true
    } catch (error) {
      resources.log.warn('the home cannot be read', { error })
      return false
    }
  }
}
