import type { AgentCard } from '@a2a-js/sdk'
import type { Hono, MiddlewareHandler } from 'hono'
import type { Log } from '../config/log.ts'
import type { AgentYield } from '../domain/event.ts'
import type { NewId, Now } from '../domain/ids.ts'
import type { ServiceName } from '../domain/names.ts'
import type { CallContext } from '../domain/turn.ts'
import { type AppOptions, createApp } from '../http/app.ts'
import type { AppEnv } from '../http/app-env.ts'
import type { Metrics } from '../http/metrics.ts'
import type { MetricsAccess } from '../http/metrics-auth.ts'
import { mountMetrics } from '../http/metrics-route.ts'
import type { CardSigner } from './card-signer.ts'
import type { AgentInput } from './input.ts'
import { mountAgent } from './server.ts'
import type { TaskStore } from './task-store.ts'

/** What every agent service needs beside what its thinking needs. */
export interface AgentServiceDeps {
  readonly now: Now
  readonly newId: NewId
  readonly log: Log
  readonly tasks: TaskStore
  /** Lets in who holds a service token for this service, and sets the actor. */
  readonly authenticate: MiddlewareHandler<AppEnv>
  /** This service as seen from outside, for its card. */
  readonly publicUrl: string
  readonly version: string
  /** Signs the card where a key is configured. */
  readonly signer?: CardSigner | null
  readonly ready: () => Promise<boolean>
  readonly metrics: Metrics
  readonly metricsAccess: MetricsAccess
  /** Keeps a task's work alive after the answer where the host ends it otherwise (workers: `waitUntil`). */
  readonly keep?: (work: Promise<unknown>) => void
  readonly router?: AppOptions['router']
  /** How long a caller of ours whose connection broke may take to come back; 0 where it would not find its task again. */
  readonly graceMs?: number
}

/** An agent, and how it is spoken to. */
export interface AgentService<I> {
  readonly service: ServiceName
  card(publicUrl: string, version: string): AgentCard
  /** Reads the message; throws AetherError INVALID_INPUT for one that is not for this agent. */
  readInput(message: AgentInput): I
  run(input: I, call: CallContext): AsyncIterable<AgentYield>
  /** Further routes of this service. */
  routes?(app: Hono<AppEnv>): void
}

/** The fetch handler of an agent: card, health and readiness are free, metrics have their own token, all else takes service tokens only. */
export function createAgentService<I>(agent: AgentService<I>, deps: AgentServiceDeps): Hono<AppEnv> {
  const { service } = agent
  const { log, now, newId, version, tasks, authenticate, signer } = deps
  const app = createApp({ service, log, newId, now, metrics: deps.metrics, router: deps.router })
  app.get('/health', (c) => c.json({ status: 'ok', service, version }))
  app.get('/ready', async (c) =>
    (await deps.ready()) ? c.json({ status: 'ready' }) : c.json({ status: 'not ready' }, 503),
  )
  mountMetrics(app, deps)
  agent.routes?.(app)
  const card = agent.card(deps.publicUrl, version)
  const readInput = (message: AgentInput) => agent.readInput(message)
  const run = (input: I, call: CallContext) => agent.run(input, call)
  const keep = (work: Promise<unknown>) => deps.keep?.(work)
  mountAgent(app, {
    service,
    card,
    authenticate,
    signer: signer ?? null,
    readInput,
    run,
    tasks,
    now,
    newId,
    log,
    keep,
    ...(deps.graceMs === undefined ? {} : { graceMs: deps.graceMs }),
  })
  return app
}
