export type AttributeValue = string | number | boolean | readonly string[]
/** Attributes by name; those that are undefined are left out. */
export type Attributes = Readonly<Record<string, AttributeValue | undefined>>

/** Where a span stands between two services: it works within one, answers a call, or makes one. */
export type SpanKind = 'internal' | 'server' | 'client'

/** A span that has ended. Ids are lower-case hex (W3C Trace Context), times epoch milliseconds. */
export interface SpanData {
  readonly traceId: string
  readonly spanId: string
  /** Null for the root of a trace. */
  readonly parentSpanId: string | null
  readonly name: string
  readonly kind: SpanKind
  readonly startMs: number
  readonly endMs: number
  /** The service that it belongs to. */
  readonly service: string
  readonly attributes: Attributes
  /** What went wrong, in words that may leave the process; null where nothing did. */
  readonly fault: string | null
}
