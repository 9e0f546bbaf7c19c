import type * as v from 'valibot'
import { optional } from 'valibot'
import { onOff, secret, text, url } from '../config/env.ts'
import { createSecret, reveal, type Secret } from '../config/secret.ts'
import { AetherError } from '../errors/aether-error.ts'
import type { TracingOptions } from './open-tracing.ts'

/** The variables of tracing. */
export const TRACING = {
  MLFLOW_TRACKING_URI: optional(url()),
  MLFLOW_EXPERIMENT_NAME: optional(text()),
  MLFLOW_TRACKING_USERNAME: optional(text()),
  MLFLOW_TRACKING_PASSWORD: optional(secret()),
  MLFLOW_TRACKING_TOKEN: optional(secret()),
  OTEL_EXPORTER_OTLP_ENDPOINT: optional(url()),
  OTEL_EXPORTER_OTLP_HEADERS: optional(secret()),
  TRACE_CONTENT: optional(onOff()),
} as const

type TracingEnv = v.InferOutput<v.ObjectSchema<typeof TRACING, undefined>>

/** Where spans go, and what may be in them. */
export interface TracingConfig {
  readonly mlflow: {
    readonly uri: string
    readonly experiment: string
    readonly authorization: Secret | null
  } | null
  readonly otlp: { readonly endpoint: string; readonly headers: Readonly<Record<string, Secret>> } | null
  readonly content: boolean
}

/** Reads where spans go. Throws INVALID_INPUT for headers that are none. */
export function toTracingConfig(e: TracingEnv): TracingConfig {
  const { MLFLOW_TRACKING_URI: uri, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } = e
  return {
    mlflow:
      uri === undefined ? null : { ...withoutUser(uri, e), experiment: e.MLFLOW_EXPERIMENT_NAME ?? 'aether' },
    otlp: endpoint === undefined ? null : { endpoint, headers: toHeaders(e.OTEL_EXPORTER_OTLP_HEADERS) },
    content: e.TRACE_CONTENT ?? true,
  }
}

/** The receivers as tracing opens them, with their credentials in the open. */
export function receiversOf({ mlflow, otlp }: TracingConfig): Pick<TracingOptions, 'mlflow' | 'otlp'> {
  return {
    mlflow: mlflow && { ...mlflow, authorization: mlflow.authorization && reveal(mlflow.authorization) },
    otlp: otlp && {
      endpoint: otlp.endpoint,
      headers: Object.fromEntries(Object.entries(otlp.headers).map(([name, value]) => [name, reveal(value)])),
    },
  }
}

/** All credentials of the receivers, in every form in which they could turn up in a line or a span. */
export function receiverSecrets({ mlflow, otlp }: TracingConfig): (Secret | string)[] {
  const authorization = mlflow?.authorization
  return [
    ...Object.values(otlp?.headers ?? {}),
    ...(authorization ? [authorization, ...credentialsOf(reveal(authorization))] : []),
  ]
}

function credentialsOf(header: string): string[] {
  const [scheme, value = ''] = header.split(' ')
  if (scheme !== 'Basic') return [value]
  const bytes = Uint8Array.from(atob(value), (char) => char.charCodeAt(0))
  const password = new TextDecoder().decode(bytes).split(':').slice(1).join(':')
  return [value, password]
}

/** The server's address, and its credentials: of the address itself, or by the variables that MLflow's own client reads. */
function withoutUser(text: string, e: TracingEnv): { uri: string; authorization: Secret | null } {
  const address = new URL(text)
  const user = decodeURIComponent(address.username) || (e.MLFLOW_TRACKING_USERNAME ?? '')
  const password = decodeURIComponent(address.password) || reveal(e.MLFLOW_TRACKING_PASSWORD ?? '')
  address.username = ''
  address.password = ''
  const uri = address.href.replace(/\/+$/, '')
  if (user !== '') {
    const bytes = new TextEncoder().encode(`${user}:${password}`)
    return { uri, authorization: createSecret(`Basic ${btoa(String.fromCharCode(...bytes))}`) }
  }
  const token = e.MLFLOW_TRACKING_TOKEN
  return { uri, authorization: token ? createSecret(`Bearer ${reveal(token)}`) : null }
}

/** `name=value` pairs with commas between, values percent-encoded, as OpenTelemetry's specification has them. */
function toHeaders(text: Secret | undefined): Readonly<Record<string, Secret>> {
  if (text === undefined) return {}
  const headers: Record<string, Secret> = {}
  for (const pair of reveal(text).split(',')) {
    const [name, ...rest] = pair.split('=')
    if (!name?.trim() || rest.length === 0)
      throw new AetherError(
        'INVALID_INPUT',
        'OTEL_EXPORTER_OTLP_HEADERS must be pairs of the form name=value, with commas between.',
      )
    headers[name.trim().toLowerCase()] = createSecret(decodeURIComponent(rest.join('=').trim()))
  }
  return headers
}
