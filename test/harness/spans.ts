import { fromBinary } from '@bufbuild/protobuf'
import { ExportTraceServiceRequestSchema } from '../../shared/tracing/otlp/opentelemetry/proto/collector/trace/v1/trace_service_pb.js'
import type { AnyValue } from '../../shared/tracing/otlp/opentelemetry/proto/common/v1/common_pb.js'

/** A span as a trace server reads it: hex ids, times in epoch nanoseconds. */
export interface ReadSpan {
  readonly service: string
  readonly traceId: string
  readonly spanId: string
  /** Empty for a root. */
  readonly parentId: string
  readonly name: string
  readonly kind: number
  readonly start: bigint
  readonly end: bigint
  readonly attributes: Readonly<Record<string, unknown>>
  /** 1 ok, 2 error. */
  readonly status: number
  readonly message: string
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

function plain(value: AnyValue | undefined): unknown {
  const given = value?.value
  if (given?.case === 'arrayValue') return given.value.values.map(plain)
  return given?.case === 'intValue' ? Number(given.value) : given?.value
}

/** The spans of an OTLP export request (protobuf). */
export function readSpans(body: Uint8Array): ReadSpan[] {
  const { resourceSpans } = fromBinary(ExportTraceServiceRequestSchema, body)
  return resourceSpans.flatMap((of) => {
    const service = String(plain(of.resource?.attributes.find(({ key }) => key === 'service.name')?.value))
    return of.scopeSpans
      .flatMap((scope) => scope.spans)
      .map((span) => ({
        service,
        traceId: hex(span.traceId),
        spanId: hex(span.spanId),
        parentId: hex(span.parentSpanId),
        name: span.name,
        kind: span.kind,
        start: span.startTimeUnixNano,
        end: span.endTimeUnixNano,
        attributes: Object.fromEntries(span.attributes.map(({ key, value }) => [key, plain(value)])),
        status: span.status?.code ?? 0,
        message: span.status?.message ?? '',
      }))
  })
}
