import type { ProbeResult } from '../../functions/gateway/deps.ts'
import type { CardSigner } from '../../shared/a2a/card-signer.ts'
import type { Log } from '../../shared/config/log.ts'
import type { Secret } from '../../shared/config/secret.ts'
import type { NewId, Now } from '../../shared/domain/ids.ts'
import type { ServiceName } from '../../shared/domain/names.ts'
import { AetherError } from '../../shared/errors/aether-error.ts'
import type { HomeHealth } from '../../shared/home/home_assistant/home-assistant.ts'
import type { HomeSource } from '../../shared/home/port.ts'
import type { Fetch } from '../../shared/http/fetch.ts'
import type { Metrics } from '../../shared/http/metrics.ts'
import type { MetricsAccess } from '../../shared/http/metrics-auth.ts'
import type { LanguageModel } from '../../shared/llm/port.ts'
import type { Prices } from '../../shared/llm/prices.ts'
import type { Sandbox } from '../../shared/sandbox/port.ts'
import type { Db } from '../../shared/storage/db.ts'
import type { Tracing } from '../../shared/tracing/open-tracing.ts'
import type { PushConfig } from './config.ts'
import type { TaskStores } from './task-stores.ts'

/** Settings that the wiring passes on, already checked. */
export interface Settings {
  readonly mode: 'monolith' | 'distributed'
  readonly serviceSecret: Secret
  /** This process as seen from outside, without a trailing slash. */
  readonly publicUrl: string
  readonly threshold: number
  readonly maxAttempts: number
  readonly turnMs: number
  /** Of a key without a budget of its own; null: any number. */
  readonly tokensPerDay: number | null
  readonly prices: Prices
  /** How long conversations and what hangs on them are kept; null: until somebody deletes them. */
  readonly keepMs: number | null
  readonly corsOrigins: readonly string[]
  readonly metricsAccess: MetricsAccess
  /** Push notifications of A2A; null: off. */
  readonly push: PushConfig | null
}

/** What a process has, opened once at start and shared by the services in it. */
export interface Resources {
  readonly settings: Settings
  readonly version: string
  readonly now: Now
  readonly newId: NewId
  readonly log: Log
  /** Where a request comes from; null where it cannot be told. */
  readonly clientOf: (request: Request) => string | null
  /** Of the process; each service counts in a child that carries its name. */
  readonly metrics: Metrics
  readonly home: HomeSource
  /** How a home that is reached over a connection is; null for the others. */
  readonly homeHealth: (() => HomeHealth) | null
  /** Tells when the home's registries may have changed. */
  readonly onHomeChange: (listener: () => void) => void
  readonly llm: LanguageModel
  readonly tracing: Tracing
  /** How the provider of the language model is; not asked for the offline one. */
  readonly lookAtModel: (signal: AbortSignal) => Promise<ProbeResult>
  /** Null in services that keep nothing in Postgres. */
  readonly db: Db | null
  readonly tasks: TaskStores
  /** Signs agent cards; null where no key is configured. */
  readonly signer: CardSigner | null
  /** Real gVisor on this machine, or one that says that it is unavailable. */
  readonly gvisor: Sandbox
}

/** Where a service is and the fetch that reaches it: another handler's own, or a kept-alive pool. */
export interface Link {
  readonly url: string
  readonly fetch: Fetch
  /** True when it is in this process. */
  readonly here: boolean
}
export type LinkTo = (service: ServiceName) => Link

/** A wired service. */
export interface Service {
  readonly fetch: Fetch
  start?(): void
  /** Stops taking work and gives what runs this long to end. */
  drain?(graceMs: number): Promise<void>
}

/** The database of a process that must have one. */
export function needDb(resources: Resources): Db {
  if (!resources.db) throw new AetherError('STORAGE_UNAVAILABLE')
  return resources.db
}

/** Where a service's card says that it is: behind the gateway of one process, else the address of its own. */
export function addressOf(service: ServiceName, settings: Settings): string {
  return settings.mode === 'monolith' ? `${settings.publicUrl}/agents/${service}` : settings.publicUrl
}
