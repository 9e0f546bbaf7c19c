import type { Secret } from '../config/secret.ts'
import type { Now } from '../domain/ids.ts'
import type { Fetch } from '../http/fetch.ts'
import type { Prices } from '../llm/prices.ts'
import { type Assessment, createMlflow, type Mlflow } from './mlflow/client.ts'
import { createRedactor } from './redact.ts'
import { createSend } from './send.ts'
import { createSpanQueue, type QueueStats, type SpanQueue } from './span-queue.ts'
import { createTracer, NO_TRACER, type Tracer } from './tracer.ts'

export interface TracingOptions {
  /** An MLflow server, or null. */
  readonly mlflow: {
    readonly uri: string
    readonly experiment: string
    readonly authorization: string | null
  } | null
  /** Any receiver of OTLP over HTTP, or null: its base address, and the headers that it wants. */
  readonly otlp: { readonly endpoint: string; readonly headers: Readonly<Record<string, string>> } | null
  readonly fetch: Fetch
  readonly content: boolean
  readonly prices: Prices
  /** Texts that no span may hold. */
  readonly secrets: readonly (Secret | string)[]
  readonly version: string
  readonly now: Now
}

/** One receiver of spans. */
export interface TraceTarget {
  readonly name: 'mlflow' | 'otlp'
  readonly stats: QueueStats
  /** Its version, where it tells one. Throws when it is not there. */
  check(signal: AbortSignal): Promise<string | null>
}

/** What a process has for tracing. */
export interface Tracing {
  tracer(service: string): Tracer
  readonly targets: readonly TraceTarget[]
  /** Writes a judgement to a trace; false where the server has no such trace (yet). Null without an MLflow server. */
  readonly assess: ((assessment: Assessment, signal: AbortSignal) => Promise<boolean>) | null
  /** Sends what is there, at most until the signal aborts. */
  flush(signal: AbortSignal): Promise<void>
  /** The same for the end of a process: what could not be sent is given up. */
  close(signal: AbortSignal): Promise<void>
}

/** Opens the receivers that the configuration names; without any, spans are not even made. */
export function openTracing(options: TracingOptions): Tracing {
  const { fetch, version, now, content, prices } = options
  const clean = createRedactor(options.secrets)
  const queues: SpanQueue[] = []
  const targets: TraceTarget[] = []

  const open = (
    name: TraceTarget['name'],
    url: string,
    headers: (signal: AbortSignal) => Promise<Readonly<Record<string, string>>>,
    check: TraceTarget['check'],
  ) => {
    const queue = createSpanQueue({ send: createSend({ url, fetch, headers, version, clean }) })
    queues.push(queue)
    targets.push({
      name,
      check,
      get stats() {
        return queue.stats
      },
    })
  }

  const mlflow: Mlflow | null = options.mlflow && createMlflow({ ...options.mlflow, fetch })
  if (options.mlflow && mlflow) {
    const { uri, experiment, authorization } = options.mlflow
    let experimentId: string | null = null
    open(
      'mlflow',
      `${uri}/v1/traces`,
      async (signal) => {
        experimentId ??= await mlflow.experimentId(experiment, signal)
        return {
          'x-mlflow-experiment-id': experimentId,
          ...(authorization === null ? {} : { authorization }),
        }
      },
      (signal) => mlflow.version(signal),
    )
  }
  if (options.otlp) {
    const { endpoint, headers } = options.otlp
    open(
      'otlp',
      `${endpoint}/v1/traces`,
      async () => headers,
      // A receiver of OTLP has nothing that could be asked; how the last batch fared is told by the queue.
      async () => null,
    )
  }

  const add = (span: Parameters<SpanQueue['add']>[0]) => {
    for (const queue of queues) queue.add(span)
  }
  return {
    targets,
    tracer: (service) =>
      queues.length === 0 ? NO_TRACER : createTracer({ service, now, add, content, prices }),
    assess:
      mlflow &&
      ((assessment, signal) => {
        const { rationale } = assessment
        const shown = content && rationale !== null ? clean(rationale) : null
        return mlflow.assess({ ...assessment, rationale: shown }, signal)
      }),
    async flush(signal) {
      await Promise.all(queues.map((queue) => queue.flush(signal)))
    },
    async close(signal) {
      await Promise.all(queues.map((queue) => queue.close(signal)))
    },
  }
}
