import type { Fetch } from '../http/fetch.ts'
import { holdRequest } from '../http/hold-request.ts'
import type { SpanData } from './span.ts'
import { Refused } from './span-queue.ts'

export interface SendOptions {
  /** The whole address, such as `http://127.0.0.1:4318/v1/traces`. */
  readonly url: string
  readonly fetch: Fetch
  /** Headers of each request; they may have to be found out first. */
  headers(signal: AbortSignal): Promise<Readonly<Record<string, string>>>
  readonly version: string
  readonly clean: (text: string) => string
}

/**
 * Sends batches by OTLP over HTTP (https://opentelemetry.io/docs/specs/otlp/#otlphttp), as protobuf without
 * compression, which every receiver takes. Throws `Refused` for an answer that says that these spans are wrong.
 */
export function createSend(
  options: SendOptions,
): (spans: readonly SpanData[], signal: AbortSignal) => Promise<void> {
  return async (spans, signal) => {
    // Only who sends spans needs what describes their form, which takes a while to be made.
    const { encodeSpans } = await import('./encode.ts')
    const body = encodeSpans(spans, options) as Uint8Array<ArrayBuffer>
    const headers = {
      'content-type': 'application/x-protobuf',
      'content-length': String(body.byteLength),
      ...(await options.headers(signal)),
    }
    const response = await options.fetch(holdRequest(options.url, { method: 'POST', body, headers, signal }))
    await response.body?.cancel()
    if (response.ok) return
    const message = `The trace server answered ${response.status}.`
    // Those that the specification calls retryable, and those that a proxy in front gives.
    const isPassing = response.status === 429 || response.status >= 500
    throw isPassing ? new Error(message) : new Refused(message)
  }
}
