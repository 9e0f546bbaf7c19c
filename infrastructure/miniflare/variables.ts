import { readFileSync } from 'node:fs'
import { reveal } from '../../shared/config/secret.ts'
import type { Config } from '../node/config.ts'
import { StartFault } from '../node/start-fault.ts'
import type { WorkerName } from './workers.ts'

/** What the workers are told beside the configuration. */
export interface Surroundings {
  readonly version: string
  /** The sandbox runner. */
  readonly sandboxUrl: string
  /** The model of the provider, where there is one. */
  readonly model: string
}

type Variables = Readonly<Record<string, string>>

/** The variables of each worker, as `wrangler.toml` and `wrangler secret` give them on the platform. */
export function toVariables(config: Config, around: Surroundings): Readonly<Record<WorkerName, Variables>> {
  refuseFiles(config)
  const { home, model } = config
  const all = defined({
    AETHER_VERSION: around.version,
    LOG_LEVEL: config.logLevel,
    SERVICE_SECRET: reveal(config.serviceSecret),
    LLM_BASE_URL: model?.baseUrl,
    LLM_API_KEY: model ? reveal(model.apiKey) : undefined,
    LLM_MODEL: model ? around.model : undefined,
    LLM_PRICES: config.prices.size > 0 ? JSON.stringify(Object.fromEntries(config.prices)) : undefined,
    LLM_FIRST_BYTE_TIMEOUT_S: String(config.firstByteMs / 1_000),
    HA_URL: home.assistant?.url,
    HA_TOKEN: home.assistant ? reveal(home.assistant.token) : undefined,
    HA_EXPOSE: home.expose?.join(','),
    HOME_TARIFF: home.tariff === null ? undefined : readFileSync(home.tariff, 'utf8'),
    ...tracingVariables(config.tracing),
    DEMO_NOW: home.demoNow === null ? undefined : new Date(home.demoNow).toISOString(),
  })
  const own: Readonly<Record<WorkerName, Variables>> = {
    gateway: defined({
      PUBLIC_URL: config.publicUrl ?? undefined,
      CORS_ORIGINS: config.corsOrigins.join(','),
      KEY_TOKENS_PER_DAY: config.tokensPerDay === null ? undefined : String(config.tokensPerDay),
      METRICS_TOKEN: config.metricsToken ? reveal(config.metricsToken) : undefined,
      TURN_TIMEOUT_S: String(config.turnMs / 1_000),
      AFTER_ANSWER_S: config.afterAnswerMs === null ? undefined : String(config.afterAnswerMs / 1_000),
    }),
    architect: {},
    ds_orchestrator: {
      DS_CONFIDENCE_THRESHOLD: String(config.threshold),
      DS_MAX_ATTEMPTS: String(config.maxAttempts),
    },
    ds_analysts: { SANDBOX_URL: around.sandboxUrl },
  }
  return {
    gateway: { ...all, ...own.gateway },
    architect: { ...all, ...own.architect },
    ds_orchestrator: { ...all, ...own.ds_orchestrator },
    ds_analysts: { ...all, ...own.ds_analysts },
  }
}

/** Credentials go as an Authorization header would: the form of the address that the configuration was given is gone. */
function tracingVariables({ mlflow, otlp, content }: Config['tracing']) {
  const [scheme, value] = mlflow?.authorization ? reveal(mlflow.authorization).split(' ') : []
  const [user, ...password] =
    scheme === 'Basic'
      ? Buffer.from(value ?? '', 'base64')
          .toString()
          .split(':')
      : []
  return {
    MLFLOW_TRACKING_URI: mlflow?.uri,
    MLFLOW_EXPERIMENT_NAME: mlflow?.experiment,
    MLFLOW_TRACKING_TOKEN: scheme === 'Bearer' ? value : undefined,
    MLFLOW_TRACKING_USERNAME: user,
    MLFLOW_TRACKING_PASSWORD: password.length > 0 ? password.join(':') : undefined,
    OTEL_EXPORTER_OTLP_ENDPOINT: otlp?.endpoint,
    OTEL_EXPORTER_OTLP_HEADERS: otlp
      ? Object.entries(otlp.headers)
          .map(([name, text]) => `${name}=${encodeURIComponent(reveal(text))}`)
          .join(',')
      : undefined,
    TRACE_CONTENT: content ? 'on' : 'off',
  }
}

/** A worker has no files: a home that is one cannot be read there, nor an authority of one's own be trusted. */
function refuseFiles({ home }: Config): void {
  if (home.data !== null)
    throw new StartFault('HOME_DATA names a file, which workers cannot read. make run and make dev can.')
  if (home.assistant?.caFile != null)
    throw new StartFault('HA_CA_FILE: workers trust the usual authorities alone. make run and make dev can.')
}

function defined(values: Readonly<Record<string, string | undefined>>): Variables {
  const entries = Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return Object.fromEntries(entries)
}
