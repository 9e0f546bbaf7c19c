import type { Hono } from 'hono'
import type { CardSigner } from '../../shared/a2a/card-signer.ts'
import type { Peer } from '../../shared/a2a/client.ts'
import type { PushMethods } from '../../shared/a2a/push/push.ts'
import type { TaskStore } from '../../shared/a2a/task-store.ts'
import type { Log } from '../../shared/config/log.ts'
import type { Analysis } from '../../shared/domain/analysis.ts'
import type { AgentYield } from '../../shared/domain/event.ts'
import type { NewId, Now } from '../../shared/domain/ids.ts'
import type { CallContext, Turn } from '../../shared/domain/turn.ts'
import type { AppOptions } from '../../shared/http/app.ts'
import type { Actor, AppEnv } from '../../shared/http/app-env.ts'
import type { Metrics } from '../../shared/http/metrics.ts'
import type { MetricsAccess } from '../../shared/http/metrics-auth.ts'
import type { LanguageModel } from '../../shared/llm/port.ts'
import type { Prices } from '../../shared/llm/prices.ts'
import type { Db } from '../../shared/storage/db.ts'
import type { Tracing } from '../../shared/tracing/open-tracing.ts'
import type { Tracer } from '../../shared/tracing/tracer.ts'
import type { About, StatusInfo } from './about.ts'
import type { GatewayCounts } from './counts.ts'
import type { GatewayLimits } from './limits.ts'
import type { Probe, Probes } from './probes.ts'
import type { Feed } from './runs/feed.ts'
import type { Courier } from './runs/feedback-courier.ts'
import type { Runs } from './runs/runs.ts'
import type { Timers } from './runs/timers.ts'

export type { Probe, ProbeResult } from './probes.ts'

/** Everything that the gateway is built from. */
export interface GatewayDeps {
  readonly db: Db
  /** The orchestrator, which runs inside the gateway's process. */
  readonly orchestrate: (turn: Turn, call: CallContext) => AsyncIterable<AgentYield>
  readonly architect: Peer
  /** For background tasks, and to say which model answers. */
  readonly llm: LanguageModel
  /** The actor of an API key, or null. */
  readonly find: (secret: string) => Promise<Actor | null>
  readonly readAnalysis: (input: { id: string; owner: string }) => Promise<Analysis | null>
  readonly probes: readonly Probe[]
  readonly describe: () => StatusInfo | Promise<StatusInfo>
  readonly mode: string
  readonly version: string
  readonly now: Now
  readonly newId: NewId
  readonly log: Log
  readonly timers: Timers
  /** Keeps the host alive for work that no request waits for. */
  readonly waitUntil: (work: Promise<unknown>) => void
  /** Holder of the leases of this process; unique to it. */
  readonly instance: string
  /** The gateway as seen from outside, for its card. */
  readonly publicUrl: string
  /** Keeps the tasks of A2A callers. */
  readonly tasks: TaskStore
  /** Signs the card where a key is configured. */
  readonly signer?: CardSigner | null
  /** Push notifications of A2A; off where there are none. */
  readonly push?: PushMethods | null
  readonly tracer: Tracer
  /** Writes a judgement to a run's trace; false: the server does not know the trace yet. Null where there is none. */
  readonly assess: Tracing['assess']
  readonly prices: Prices
  /** Tokens that a key, by its id, may use in 24 hours; null: any number. */
  readonly budgetOf: (owner: string) => Promise<number | null>
  /** How long what was said and found is kept, milliseconds; null: until somebody deletes it. */
  readonly keepMs: number | null
  readonly metrics: Metrics
  readonly metricsAccess: MetricsAccess
  readonly corsOrigins: readonly string[]
  /** Where a request comes from, for its log line; null where it cannot be told. */
  readonly clientOf?: (request: Request) => string | null
  readonly limits?: Partial<GatewayLimits>
  readonly router?: AppOptions['router']
}

/** What the routes share. */
export interface GatewayContext extends Omit<GatewayDeps, 'limits' | 'probes' | 'describe'> {
  readonly limits: GatewayLimits
  readonly probes: Probes
  /** `describe`, bounded and kept. */
  readonly about: () => Promise<About>
  readonly feed: Feed
  readonly runs: Runs
  readonly courier: Courier
  /** What routes and runs count. */
  readonly count: GatewayCounts
  readonly startedAt: number
  /** True once the process is about to end: no new turns. */
  readonly draining: () => boolean
  /** A storage verb within the time that a request may wait for it. */
  readonly store: <T>(work: () => Promise<T>) => Promise<T>
}

/** The gateway with its background work. */
export interface Gateway {
  readonly app: Hono<AppEnv>
  /** Takes up interrupted runs, now and whenever there are some. */
  start(): void
  /** Takes up interrupted runs once: for hosts without timers of their own. */
  sweep(): Promise<void>
  /** Refuses new turns, gives running ones `graceMs`, and leaves the rest to the next process. */
  drain(graceMs: number): Promise<void>
}
