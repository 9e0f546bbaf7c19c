import type { DemoHome } from '../../shared/home/demo/demo-home.ts'
import type { HomeHealth } from '../../shared/home/home_assistant/home-assistant.ts'
import type { HomeSource } from '../../shared/home/port.ts'
import type { Fetch } from '../../shared/http/fetch.ts'

/** A present in the middle of the demo home's data, the same in every run. */
export const PRESENT = Date.parse('2026-11-24T10:00:00Z')

/** What a scenario may set; the rest is the product as `make run` starts it, on the demo home with the offline model. */
export interface DeploymentOptions {
  /** The home's present, epoch ms. */
  readonly now?: number
  readonly home?: HomeSource
  /** A Home Assistant to read by its address, as HA_URL and HA_TOKEN name it. */
  readonly assistant?: () => { readonly url: string; readonly token: string }
  readonly homeHealth?: () => HomeHealth
  readonly onHomeChange?: (listener: () => void) => void
  /** A language model's endpoint instead of the built-in one. */
  readonly model?: Fetch
  /** False: as on a machine without runsc. */
  readonly sandbox?: boolean
  readonly threshold?: number
  /** Where spans go: the base address of a receiver of OTLP. */
  readonly traces?: string
  /** The same, of an MLflow server. */
  readonly mlflow?: string
  /** Longest turn in milliseconds. */
  readonly turnMs?: number
}

/** A log line of a service, as far as the scenarios look at it. */
export interface LogLine {
  readonly service: string
  readonly message: string
  readonly route?: string
  readonly trace_id?: string
  readonly user?: string
  readonly exit_class?: string
  readonly client?: string
}

/** The variables that name a Home Assistant. */
function addressOf({ url, token }: { readonly url: string; readonly token: string }) {
  return { HA_URL: url, HA_TOKEN: token }
}

/** The options as variables, for a topology that is configured by its environment. `model` is where a model answers. */
export function variablesOf(options: DeploymentOptions, model: { readonly url: string } | null) {
  const { now = PRESENT, turnMs = 120_000, threshold, mlflow, traces, assistant, sandbox } = options
  return {
    DEMO_NOW: new Date(now).toISOString(),
    TURN_TIMEOUT_S: String(turnMs / 1_000),
    ...(threshold === undefined ? {} : { DS_CONFIDENCE_THRESHOLD: String(threshold) }),
    ...(mlflow === undefined ? {} : { MLFLOW_TRACKING_URI: mlflow }),
    ...(traces === undefined ? {} : { OTEL_EXPORTER_OTLP_ENDPOINT: traces }),
    ...(assistant ? addressOf(assistant()) : {}),
    ...(sandbox === false ? { RUNSC_PATH: '/nowhere/runsc' } : {}),
    ...(model ? { LLM_BASE_URL: `${model.url}/v1`, LLM_MODEL: 'test-model' } : {}),
  }
}

/** A running Aether, reached as a client reaches it. */
export interface Deployment {
  /** Base address without a trailing slash. */
  readonly url: string
  readonly key: string
  /** Truth of the demo home. */
  readonly demo: DemoHome
  readonly fetch: (path: string, init?: RequestInit) => Promise<Response>
  /** What the services have logged so far. */
  logs(): readonly LogLine[]
  stop(): Promise<void>
}

/** One way to put the services together. */
export interface Topology {
  readonly name: string
  /** Why it cannot be had with these options, or null. */
  cannot(options: DeploymentOptions): string | null
  start(options: DeploymentOptions): Promise<Deployment>
}
