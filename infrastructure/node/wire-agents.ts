import { createArchitect } from '../../functions/architect/handler.ts'
import { createDsAnalysts } from '../../functions/ds_analysts/handler.ts'
import { createDsOrchestrator } from '../../functions/ds_orchestrator/handler.ts'
import { createSandboxRunner } from '../../functions/sandbox_runner/handler.ts'
import { createPeer, type Peer } from '../../shared/a2a/client.ts'
import { meteredPeer } from '../../shared/a2a/metered-peer.ts'
import type { Catalogue } from '../../shared/domain/catalogue.ts'
import type { ServiceName } from '../../shared/domain/names.ts'
import { createRegistryCatalogue } from '../../shared/home/registry-catalogue.ts'
import { createTokenSource, serviceAuth } from '../../shared/http/service-token.ts'
import { meteredModel } from '../../shared/llm/metered-model.ts'
import type { LanguageModel } from '../../shared/llm/port.ts'
import { createSandboxClient } from '../../shared/sandbox/client.ts'
import { meteredSandbox } from '../../shared/sandbox/metered-sandbox.ts'
import type { Sandbox } from '../../shared/sandbox/port.ts'
import { createPostgresStepStore } from '../../shared/steps/postgres-step-store.ts'
import type { StepStore } from '../../shared/steps/step-log.ts'
import { createAnalysisRecords } from '../../shared/storage/analyses/analysis-records.ts'
import { createSyncedCatalogue } from './catalogue.ts'
import { addressOf, type LinkTo, needDb, type Resources, type Service } from './resources.ts'

/** What each agent service takes from the process that hosts it. */
function common(service: ServiceName, resources: Resources) {
  const { now, newId, log, metrics, version, settings } = resources
  return {
    now,
    newId,
    version,
    log: log.child({ service }),
    metrics: metrics.child({ service }),
    metricsAccess: settings.metricsAccess,
    tasks: resources.tasks.of(service),
    authenticate: serviceAuth({ secret: settings.serviceSecret, audience: service, now, scope: 'a2a' }),
    publicUrl: addressOf(service, settings),
    signer: resources.signer,
    tracer: resources.tracing.tracer(service),
  }
}

/** A peer that is reached by its link, with a short-lived token for each user. */
export function wirePeer(from: ServiceName, to: ServiceName, resources: Resources, linkTo: LinkTo): Peer {
  const { now, newId, metrics, settings } = resources
  const { url, fetch } = linkTo(to)
  const token = createTokenSource({ secret: settings.serviceSecret, issuer: from, audience: to, now })
  return meteredPeer(createPeer({ service: to, url, fetch, token, now, newId }), { from, metrics, now })
}

/** The language model as one service calls it. */
export function wireModel(service: ServiceName, resources: Resources): LanguageModel {
  const { llm, metrics, settings, now } = resources
  return meteredModel(llm, { metrics: metrics.child({ service }), prices: settings.prices, now })
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
  const { home } = resources
  const dsOrchestrator = wirePeer('architect', 'ds_orchestrator', resources, linkTo)
  const app = createArchitect({
    ...common('architect', resources),
    home,
    catalogue: wireCatalogue(resources),
    llm: wireModel('architect', resources),
    dsOrchestrator,
    steps: wireSteps(resources),
    ready: homeAnswers(resources),
  })
  return { fetch: async (request, init) => app.fetch(request, init) }
}

/** Finished steps of runs, where the process has a Postgres to keep them in. */
export function wireSteps({ db }: Resources): StepStore | null {
  return db && createPostgresStepStore(db)
}

/** Kept in Postgres where the process has one. */
function wireCatalogue(resources: Resources): Catalogue {
  const { db, home, onHomeChange, now, log } = resources
  return db ? createSyncedCatalogue({ db, home, onHomeChange, now, log }) : createRegistryCatalogue(home)
}

export function wireDsOrchestrator(resources: Resources, linkTo: LinkTo): Service {
  const { home, settings } = resources
  const db = needDb(resources)
  const app = createDsOrchestrator({
    ...common('ds_orchestrator', resources),
    home,
    llm: wireModel('ds_orchestrator', resources),
    dsAnalysts: wirePeer('ds_orchestrator', 'ds_analysts', resources, linkTo),
    analyses: createAnalysisRecords(db),
    steps: wireSteps(resources),
    threshold: settings.threshold,
    maxAttempts: settings.maxAttempts,
    ready: homeAnswers(resources),
  })
  return { fetch: async (request, init) => app.fetch(request, init) }
}

export function wireDsAnalysts(resources: Resources, linkTo: LinkTo): Service {
  const { home, metrics, now, settings } = resources
  const runner = linkTo('sandbox_runner')
  const token = createTokenSource({
    secret: settings.serviceSecret,
    issuer: 'ds_analysts',
    audience: 'sandbox_runner',
    now,
  })
  const client = createSandboxClient({ url: runner.url, fetch: runner.fetch, token, now })
  // One that is in this process counts for itself; another one may be out of a scraper's reach.
  const sandbox = runner.here ? client : meteredSandbox(client, metrics.child(RUNNER))
  const app = createDsAnalysts({
    ...common('ds_analysts', resources),
    home,
    llm: wireModel('ds_analysts', resources),
    sandbox,
    ready: homeAnswers(resources),
  })
  return { fetch: async (request, init) => app.fetch(request, init) }
}

export function wireSandboxRunner(resources: Resources): Service {
  const { now, newId, log, metrics, gvisor, settings } = resources
  const own = metrics.child(RUNNER)
  const app = createSandboxRunner({
    sandbox: meteredSandbox(gvisor, own),
    authenticate: serviceAuth({ secret: settings.serviceSecret, audience: 'sandbox_runner', now }),
    log: log.child({ service: 'sandbox_runner' }),
    newId,
    now,
    metrics: own,
    metricsAccess: settings.metricsAccess,
  })
  return { fetch: async (request, init) => app.fetch(request, init) }
}

/** Whose the sandbox's metrics are, wherever they are taken. */
const RUNNER = { service: 'sandbox_runner' }

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
