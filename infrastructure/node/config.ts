import { isAbsolute, join } from 'node:path'
import * as v from 'valibot'
import {
  checkEnv,
  currency,
  type Env,
  fraction,
  instant,
  integer,
  list,
  oneOf,
  port,
  postgresUrl,
  seconds,
  secret,
  text,
  timeZone,
  url,
} from '../../shared/config/env.ts'
import { LOG_LEVELS, type LogLevel } from '../../shared/config/log.ts'
import { createSecret, reveal, type Secret } from '../../shared/config/secret.ts'
import type { ServiceName } from '../../shared/domain/names.ts'
import { NO_PRICES, type Prices, prices } from '../../shared/llm/prices.ts'
import { TRACING, type TracingConfig, toTracingConfig } from '../../shared/tracing/config.ts'
import { StartFault } from './start-fault.ts'

/** Services that can be started alone; the orchestrator lives in the gateway. */
export const HOSTED = ['gateway', 'architect', 'ds_orchestrator', 'ds_analysts', 'sandbox_runner'] as const
export type HostedService = (typeof HOSTED)[number]

/** Ports of the services as plain processes. */
const PORTS: Readonly<Record<HostedService, number>> = {
  gateway: 8_000,
  architect: 8_001,
  ds_orchestrator: 8_002,
  ds_analysts: 8_003,
  sandbox_runner: 8_004,
}

const DAY_MS = 86_400_000

/** Every variable that a Node process of ours reads. */
const HostEnv = v.object({
  DEPLOYMENT_MODE: v.optional(oneOf(['monolith', 'distributed'])),
  AETHER_SERVICE: v.optional(oneOf(HOSTED)),
  ARCHITECT_SERVICE_URL: v.optional(url()),
  DS_ORCHESTRATOR_URL: v.optional(url()),
  DS_ANALYSTS_URL: v.optional(url()),
  SANDBOX_URL: v.optional(url()),
  HOST: v.optional(text()),
  PORT: v.optional(port()),
  PUBLIC_URL: v.optional(url()),
  CORS_ORIGINS: v.optional(list()),
  METRICS_TOKEN: v.optional(secret(8)),
  TRUSTED_PROXIES: v.optional(integer(0, 10)),
  RETENTION_DAYS: v.optional(integer(1, 36_500)),
  LOG_LEVEL: v.optional(oneOf(LOG_LEVELS)),
  API_KEY: v.optional(secret(16)),
  SERVICE_SECRET: secret(16),
  A2A_CARD_KEY: v.optional(text()),
  A2A_PUSH_TARGETS: v.optional(list()),
  A2A_PUSH_SECRET: v.optional(secret(16)),
  DATA_DIR: v.optional(text()),
  DATABASE_URL: v.optional(postgresUrl()),
  LLM_BASE_URL: v.optional(url()),
  LLM_API_KEY: v.optional(secret()),
  OPENAI_API_KEY: v.optional(secret()),
  LLM_MODEL: v.optional(text()),
  LLM_PRICES: v.optional(prices()),
  KEY_TOKENS_PER_DAY: v.optional(integer(1, 1_000_000_000_000)),
  LLM_FIRST_BYTE_TIMEOUT_S: v.optional(seconds(0.1, 3_600)),
  TURN_TIMEOUT_S: v.optional(seconds(1, 3_600)),
  AFTER_ANSWER_S: v.optional(seconds(0, 3_600)),
  DS_CONFIDENCE_THRESHOLD: v.optional(fraction()),
  DS_MAX_ATTEMPTS: v.optional(integer(1, 10)),
  HA_URL: v.optional(url()),
  HA_TOKEN: v.optional(secret()),
  HA_CA_FILE: v.optional(text()),
  HA_EXPOSE: v.optional(list()),
  HOME_DATA: v.optional(text()),
  DEMO_NOW: v.optional(instant()),
  HOME_TIME_ZONE: v.optional(timeZone()),
  HOME_CURRENCY: v.optional(currency()),
  HOME_TARIFF: v.optional(text()),
  ...TRACING,
  RUNSC_PATH: v.optional(text()),
  SANDBOX_PYTHON: v.optional(text()),
  SANDBOX_POOL_SIZE: v.optional(integer(0, 16)),
  NODE_USE_ENV_PROXY: v.optional(text()),
  XDG_CACHE_HOME: v.optional(text()),
  HOME: v.optional(text()),
})

/** A language model provider, or null for the built-in offline model. */
export interface ModelConfig {
  readonly baseUrl: string
  readonly apiKey: Secret
  /** Null: the provider's own list decides. */
  readonly model: string | null
}

/** Push notifications of A2A: the origins that they may go to, and what signs them. */
export interface PushConfig {
  readonly targets: readonly string[]
  readonly secret: Secret
}

/** What a process was told, checked, with all defaults. Paths are absolute, times milliseconds. */
export interface Config {
  readonly mode: 'monolith' | 'distributed'
  /** Null: all services in this process. */
  readonly service: HostedService | null
  readonly links: Readonly<Partial<Record<ServiceName, string>>>
  readonly host: string
  readonly port: number
  readonly publicUrl: string | null
  readonly corsOrigins: readonly string[]
  readonly metricsToken: Secret | null
  /** Proxies in front, whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: number
  /** How long conversations and what hangs on them are kept; null: until somebody deletes them. */
  readonly keepMs: number | null
  readonly logLevel: LogLevel
  /** Null in a service that takes no API keys. */
  readonly apiKey: Secret | null
  readonly serviceSecret: Secret
  /** File of the private key that signs agent cards. */
  readonly cardKey: string | null
  /** Null: no push notifications. */
  readonly push: PushConfig | null
  readonly dataDir: string
  readonly databaseUrl: Secret | null
  readonly model: ModelConfig | null
  readonly prices: Prices
  /** Tokens that a key without a budget of its own may use in 24 hours; null: any number. */
  readonly tokensPerDay: number | null
  /** What leaves for the provider goes through the proxies that the environment names (Node's own switch). */
  readonly envProxy: boolean
  readonly firstByteMs: number
  readonly turnMs: number
  /** How long a run goes on after its client has left a worker; null: as long as is usual. */
  readonly afterAnswerMs: number | null
  readonly threshold: number
  readonly maxAttempts: number
  readonly home: {
    readonly assistant: {
      readonly url: string
      readonly token: Secret
      readonly caFile: string | null
    } | null
    /** What may be seen of the home; null: everything. */
    readonly expose: readonly string[] | null
    readonly data: string | null
    readonly timeZone: string
    readonly currency: string | null
    readonly tariff: string | null
    /** The demo home's present, epoch ms; null: the clock's. */
    readonly demoNow: number | null
  }
  readonly tracing: TracingConfig
  readonly sandbox: Env
  /** Sandboxes that wait ready; null: as many as is usual. */
  readonly sandboxPool: number | null
}

/** What nobody needs to have set for a program that lets nobody in. */
export const UNUSED: Env = { API_KEY: 'nobody is let in', SERVICE_SECRET: 'nobody is let in' }

/** Reads the configuration. Throws StartFault that lists every fault by name, one a line, and no value. */
export function toConfig(env: Env, root: string): Config {
  const checked = checkEnv(HostEnv, env)
  if (!checked.ok) throw new StartFault(checked.faults.map((one) => `${one.name} ${one.reason}.`).join('\n'))
  const e = checked.value
  const path = (name: string) => (isAbsolute(name) ? name : join(root, name))
  const host = e.HOST ?? '127.0.0.1'
  return {
    mode: e.DEPLOYMENT_MODE ?? (e.AETHER_SERVICE ? 'distributed' : 'monolith'),
    service: e.AETHER_SERVICE ?? (e.DEPLOYMENT_MODE === 'distributed' ? 'gateway' : null),
    links: {
      architect: e.ARCHITECT_SERVICE_URL ?? 'http://architect:8000',
      ds_orchestrator: e.DS_ORCHESTRATOR_URL ?? 'http://ds-orchestrator:8000',
      ds_analysts: e.DS_ANALYSTS_URL ?? 'http://ds-analysts:8000',
      ...(e.SANDBOX_URL === undefined ? {} : { sandbox_runner: e.SANDBOX_URL }),
    },
    host,
    port: e.PORT ?? PORTS[e.AETHER_SERVICE ?? 'gateway'],
    publicUrl: e.PUBLIC_URL ?? null,
    corsOrigins: e.CORS_ORIGINS ?? [],
    metricsToken: e.METRICS_TOKEN ?? null,
    trustedProxies: e.TRUSTED_PROXIES ?? 0,
    keepMs: e.RETENTION_DAYS === undefined ? null : e.RETENTION_DAYS * DAY_MS,
    logLevel: e.LOG_LEVEL ?? 'info',
    apiKey: e.API_KEY ?? null,
    serviceSecret: e.SERVICE_SECRET,
    cardKey: e.A2A_CARD_KEY === undefined ? null : path(e.A2A_CARD_KEY),
    push: toPush(e),
    dataDir: path(e.DATA_DIR ?? 'data'),
    databaseUrl: e.DATABASE_URL ?? null,
    model: toModel(e),
    envProxy: e.NODE_USE_ENV_PROXY === '1',
    prices: e.LLM_PRICES ?? NO_PRICES,
    tokensPerDay: e.KEY_TOKENS_PER_DAY ?? null,
    firstByteMs: e.LLM_FIRST_BYTE_TIMEOUT_S ?? 120_000,
    turnMs: e.TURN_TIMEOUT_S ?? 300_000,
    afterAnswerMs: e.AFTER_ANSWER_S ?? null,
    threshold: e.DS_CONFIDENCE_THRESHOLD ?? 0.7,
    maxAttempts: e.DS_MAX_ATTEMPTS ?? 3,
    home: {
      assistant: toAssistant(e, path),
      expose: e.HA_EXPOSE ?? null,
      data: e.HOME_DATA === undefined ? null : path(e.HOME_DATA),
      timeZone: e.HOME_TIME_ZONE ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
      currency: e.HOME_CURRENCY ?? null,
      tariff: e.HOME_TARIFF === undefined ? null : path(e.HOME_TARIFF),
      demoNow: e.DEMO_NOW ?? null,
    },
    tracing: toTracingConfig(e),
    sandbox: {
      RUNSC_PATH: e.RUNSC_PATH,
      SANDBOX_PYTHON: e.SANDBOX_PYTHON,
      XDG_CACHE_HOME: e.XDG_CACHE_HOME,
      HOME: e.HOME,
    },
    sandboxPool: e.SANDBOX_POOL_SIZE ?? null,
  }
}

/** A Home Assistant wants its address and its token; it and a meter's file are two homes, of which one can be read. */
function toAssistant(
  e: v.InferOutput<typeof HostEnv>,
  path: (name: string) => string,
): Config['home']['assistant'] {
  if (e.HA_URL === undefined) {
    if (e.HA_TOKEN !== undefined) throw new StartFault('HA_URL must be set when HA_TOKEN is.')
    return null
  }
  if (e.HA_TOKEN === undefined)
    throw new StartFault(
      'HA_TOKEN must be set when HA_URL is: a long-lived access token, from your profile page in Home Assistant (Security).',
    )
  if (e.HOME_DATA !== undefined) throw new StartFault('HA_URL and HOME_DATA name two homes. Set one of them.')
  return { url: e.HA_URL, token: e.HA_TOKEN, caFile: e.HA_CA_FILE === undefined ? null : path(e.HA_CA_FILE) }
}

/** Targets are origins (https); the secret goes with them. */
function toPush(e: v.InferOutput<typeof HostEnv>): PushConfig | null {
  const { A2A_PUSH_TARGETS: targets, A2A_PUSH_SECRET: key } = e
  if (targets === undefined || targets.length === 0) return null
  if (key === undefined) throw new StartFault('A2A_PUSH_SECRET must be set when A2A_PUSH_TARGETS is.')
  for (const target of targets)
    if (!URL.canParse(target) || new URL(target).origin !== target || !target.startsWith('https://'))
      throw new StartFault('A2A_PUSH_TARGETS must list origins such as https://hooks.example.com.')
  return { targets, secret: key }
}

/** The first API key, for whoever takes API keys. Throws StartFault where none is set. */
export function firstKey({ apiKey }: Pick<Config, 'apiKey'>): string {
  if (apiKey === null) throw new StartFault('API_KEY is missing.')
  return reveal(apiKey)
}

const OPENAI_URL = 'https://api.openai.com/v1'

/** A base URL alone is enough (a model server at home wants no key), and so is a key alone (then it is OpenAI's). */
function toModel(e: v.InferOutput<typeof HostEnv>): ModelConfig | null {
  const key = e.LLM_API_KEY ?? e.OPENAI_API_KEY
  if (e.LLM_BASE_URL === undefined && key === undefined) return null
  const baseUrl = e.LLM_BASE_URL ?? OPENAI_URL
  return {
    baseUrl,
    apiKey: key ?? createSecret('none'),
    model: e.LLM_MODEL ?? (baseUrl === OPENAI_URL ? 'gpt-4o' : null),
  }
}
