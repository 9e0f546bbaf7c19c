import { sql } from 'drizzle-orm'
import type { Secret } from '../../shared/config/secret.ts'
import type { Now } from '../../shared/domain/ids.ts'
import type { ServiceName } from '../../shared/domain/names.ts'
import { AetherError } from '../../shared/errors/aether-error.ts'
import type { HomeHealth } from '../../shared/home/home_assistant/home-assistant.ts'
import type { HomeSource } from '../../shared/home/port.ts'
import type { Fetch } from '../../shared/http/fetch.ts'
import { holdRequest } from '../../shared/http/hold-request.ts'
import { createTokenSource } from '../../shared/http/service-token.ts'
import type { LanguageModel } from '../../shared/llm/port.ts'
import type { Sandbox } from '../../shared/sandbox/port.ts'
import type { Db } from '../../shared/storage/db.ts'
import type { TraceTarget } from '../../shared/tracing/open-tracing.ts'
import type { Probe, ProbeResult } from './probes.ts'

/** What the gateway's dependencies are asked by. */
export interface TeamProbeDeps {
  readonly db: Db
  readonly home: HomeSource
  /** How a home that is reached over a lasting connection is; null for the others. */
  readonly homeHealth: (() => HomeHealth) | null
  readonly llm: LanguageModel
  /** How the provider of the language model is; not asked for the offline one. */
  readonly lookAtModel: (signal: AbortSignal) => Promise<ProbeResult>
  readonly now: Now
  readonly serviceSecret: Secret
  readonly runner: Pick<Sandbox, 'status'>
  readonly traceTargets: readonly TraceTarget[]
  readonly linkTo: (service: ServiceName) => { readonly url: string; readonly fetch: Fetch }
}

const AGENTS: readonly ServiceName[] = ['architect', 'ds_orchestrator', 'ds_analysts']

/** What `/status` looks at: storage, home and agents are needed to answer; model and sandbox only make it better. */
export function teamProbes(deps: TeamProbeDeps): Probe[] {
  return [
    storage(deps),
    home(deps),
    ...AGENTS.map((name) => agent(name, deps)),
    model(deps),
    sandbox(deps.runner),
    ...tracing(deps.traceTargets),
  ]
}

function storage({ db }: TeamProbeDeps): Probe {
  return {
    name: 'postgres',
    kind: 'storage',
    required: true,
    whenSlow: 'Look at the load of Postgres, and for transactions that stay open.',
    check: async () => {
      try {
        const [row] = await db.execute<{ version: string }>(
          sql`select current_setting('server_version') as version`,
        )
        return { state: 'ok', version: row?.version ?? null }
      } catch (cause) {
        throw new AetherError('STORAGE_UNAVAILABLE', undefined, { cause })
      }
    },
  }
}

function home(deps: TeamProbeDeps): Probe {
  return {
    name: 'home',
    kind: 'home',
    required: true,
    whenSlow: 'Look at the load of Home Assistant, and at the way to it.',
    check: async (signal) => {
      const health = deps.homeHealth?.()
      const { state = 'ok', code = null, message = null, next = null, version = null } = health ?? {}
      if (state !== 'ok') return { state, code, message, next, version }
      const info = await deps.home.info({ signal })
      const drops = health && health.live.dropped > 0 ? [`${health.live.dropped} states were dropped.`] : []
      return { state: 'ok', version, message: [...info.notes, ...drops].join(' ') || null }
    },
  }
}

function agent(name: ServiceName, { now, serviceSecret, linkTo }: TeamProbeDeps): Probe {
  const { url, fetch } = linkTo(name)
  const token = createTokenSource({ secret: serviceSecret, issuer: 'gateway', audience: name, now })
  return {
    name,
    kind: 'agent',
    required: true,
    whenSlow: `Look at the log of ${name}.`,
    check: async (signal) => {
      const ask = async (path: string, headers: Record<string, string> = {}) => {
        const response = await fetch(holdRequest(`${url}${path}`, { signal, headers }))
        return { status: response.status, body: await response.text() }
      }
      // Whether it is there is no answer to whether it would take our calls.
      const bearer = `Bearer ${await token(STATUS_USER)}`
      const both = [ask('/health'), ask('/tasks?pageSize=1', { authorization: bearer })] as const
      const answers = await Promise.all(both).catch(() => null)
      if (answers === null) return down('It cannot be reached.', name)
      const [health, tasks] = answers
      const about = toHealth(health.body)
      if (health.status !== 200 || about?.service !== name)
        return down(`It is not there, or something else answers at its address (${health.status}).`, name)
      const version = about.version
      if (tasks.status === 200) return { state: 'ok', version }
      if (tasks.status === 401) return { ...down('It refuses our token.', name), version, next: SAME_SECRET }
      return { ...down(`It answers ${tasks.status}.`, name), version }
    },
  }
}

const STATUS_USER = 'status'
const SAME_SECRET = 'Give all services the same SERVICE_SECRET.'

const down = (message: string, name: ServiceName) =>
  ({
    state: 'down',
    code: 'agent_unavailable',
    message,
    next: `Is ${name} running at its address? Look at its log.`,
  }) as const

/** What a service says of itself, or null for an answer of anything else. */
function toHealth(body: string): { service: string; version: string } | null {
  try {
    const { service, version } = JSON.parse(body)
    return typeof service === 'string' && typeof version === 'string' ? { service, version } : null
  } catch {
    return null
  }
}

function model({ llm, lookAtModel }: TeamProbeDeps): Probe {
  return {
    name: llm.name,
    kind: 'model',
    required: false,
    whenSlow: 'Check LLM_BASE_URL, and the provider.',
    check: async (signal) => {
      if (llm.offline)
        return {
          state: 'ok',
          message: 'The built-in offline model answers.',
          next: 'Set LLM_BASE_URL, LLM_API_KEY and LLM_MODEL for a real one.',
        }
      return lookAtModel(signal)
    },
  }
}

function sandbox(runner: Pick<Sandbox, 'status'>): Probe {
  return {
    name: 'gvisor',
    kind: 'sandbox',
    required: false,
    check: async (signal) => {
      const status = await runner.status(signal)
      if (status.tier === 'gvisor')
        return { state: 'ok', version: status.runsc, message: `platform ${status.platform}` }
      return {
        state: 'off',
        code: 'SANDBOX_UNAVAILABLE',
        message: status.reason,
        next: 'Run make setup. Metrics answer without it.',
      }
    },
  }
}

function tracing(targets: readonly TraceTarget[]): Probe[] {
  if (targets.length === 0)
    return [
      {
        name: 'tracing',
        kind: 'tracing',
        required: false,
        check: async () => ({
          state: 'off',
          message: 'Traces go nowhere.',
          next: 'Set MLFLOW_TRACKING_URI or OTEL_EXPORTER_OTLP_ENDPOINT to see them.',
        }),
      },
    ]
  return targets.map((target) => ({
    name: target.name,
    kind: 'tracing',
    required: false,
    check: async (signal) => {
      const version = await target.check(signal)
      const { dropped, fault } = target.stats
      const lost = dropped > 0 ? ` ${dropped} spans were lost since the start.` : ''
      if (fault === null) return { state: 'ok', version, message: lost.trim() || null }
      return { state: 'degraded', version, message: `${fault}${lost}`, next: NEXT[target.name] }
    },
  }))
}

const NEXT = {
  mlflow:
    'Look at the log of the MLflow server; it must be 3.6 or newer, with an SQL store. Answers need none of it.',
  otlp: 'Check OTEL_EXPORTER_OTLP_ENDPOINT and OTEL_EXPORTER_OTLP_HEADERS. Answers need none of it.',
}
