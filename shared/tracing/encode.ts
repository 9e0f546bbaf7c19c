import { create, toBinary } from '@bufbuild/protobuf'
import { ExportTraceServiceRequestSchema } from './otlp/opentelemetry/proto/collector/trace/v1/trace_service_pb.js'
import {
  type AnyValue,
  AnyValueSchema,
  type KeyValue,
  KeyValueSchema,
} from './otlp/opentelemetry/proto/common/v1/common_pb.js'
import { ResourceSchema } from './otlp/opentelemetry/proto/resource/v1/resource_pb.js'
import {
  ResourceSpansSchema,
  ScopeSpansSchema,
  type Span,
  Span_SpanKind,
  SpanSchema,
  Status_StatusCode,
  StatusSchema,
} from './otlp/opentelemetry/proto/trace/v1/trace_pb.js'
import type { Attributes, AttributeValue, SpanData, SpanKind } from './span.ts'

const KINDS: Readonly<Record<SpanKind, Span_SpanKind>> = {
  internal: Span_SpanKind.INTERNAL,
  server: Span_SpanKind.SERVER,
  client: Span_SpanKind.CLIENT,
}

const SCOPE = 'aether'

/**
 * Spans as the body of an OTLP export request (protobuf), one resource for each service. `clean` goes over every text
 * that leaves the process.
 */
export function encodeSpans(
  spans: readonly SpanData[],
  about: { readonly version: string; readonly clean: (text: string) => string },
): Uint8Array {
  const services = Map.groupBy(spans, (span) => span.service)
  const resourceSpans = [...services].map(([service, own]) =>
    create(ResourceSpansSchema, {
      resource: create(ResourceSchema, {
        attributes: toAttributes(
          { 'service.name': service, 'service.namespace': SCOPE, 'service.version': about.version },
          about.clean,
        ),
      }),
      scopeSpans: [
        create(ScopeSpansSchema, {
          scope: { name: SCOPE, version: about.version },
          spans: own.map((span) => toSpan(span, about.clean)),
        }),
      ],
    }),
  )
  return toBinary(ExportTraceServiceRequestSchema, create(ExportTraceServiceRequestSchema, { resourceSpans }))
}

function toSpan(span: SpanData, clean: (text: string) => string): Span {
  return create(SpanSchema, {
    traceId: fromHex(span.traceId),
    spanId: fromHex(span.spanId),
    parentSpanId: span.parentSpanId === null ? new Uint8Array() : fromHex(span.parentSpanId),
    name: clean(span.name),
    kind: KINDS[span.kind],
    startTimeUnixNano: toNanos(span.startMs),
    endTimeUnixNano: toNanos(span.endMs),
    attributes: toAttributes(span.attributes, clean),
    status:
      span.fault === null
        ? create(StatusSchema, { code: Status_StatusCode.OK })
        : create(StatusSchema, { code: Status_StatusCode.ERROR, message: clean(span.fault) }),
  })
}

const toNanos = (ms: number) => BigInt(Math.round(ms * 1_000)) * 1_000n

function fromHex(hex: string): Uint8Array {
  const bytes = new Uint8Array(hex.length / 2)
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16)
  return bytes
}

function toAttributes(attributes: Attributes, clean: (text: string) => string): KeyValue[] {
  const pairs: KeyValue[] = []
  for (const [key, value] of Object.entries(attributes))
    if (value !== undefined) pairs.push(create(KeyValueSchema, { key, value: toValue(value, clean) }))
  return pairs
}

function toValue(value: AttributeValue, clean: (text: string) => string): AnyValue {
  if (typeof value === 'string')
    return create(AnyValueSchema, { value: { case: 'stringValue', value: clean(value) } })
  if (typeof value === 'boolean') return create(AnyValueSchema, { value: { case: 'boolValue', value } })
  if (typeof value !== 'number') {
    const values = value.map((each) => toValue(each, clean))
    return create(AnyValueSchema, { value: { case: 'arrayValue', value: { values } } })
  }
  return Number.isSafeInteger(value)
    ? create(AnyValueSchema, { value: { case: 'intValue', value: BigInt(value) } })
    : create(AnyValueSchema, { value: { case: 'doubleValue', value } })
}
