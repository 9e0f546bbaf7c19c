import type { Now } from '../domain/ids.ts'
import { toAetherError } from '../errors/aether-error.ts'
import { childTraceparent, parseTraceparent } from '../http/trace-context.ts'
import { NO_PRICES, type Prices } from '../llm/prices.ts'
import { ERROR_TYPE, SPAN_INPUTS, SPAN_OUTPUTS, SPAN_TYPE, type SpanType } from './attributes.ts'
import type { Attributes, SpanData, SpanKind } from './span.ts'

export interface StartSpan {
  readonly name: string
  /** `traceparent` of the span above. */
  readonly parent: string
  /** Keeps the trace id and stands above all spans, whatever the parent says. */
  readonly isRoot?: boolean
  readonly kind?: SpanKind
  readonly type?: SpanType
  readonly attributes?: Attributes
  /** What went in, as JSON has it; left out where contents are not to be traced. */
  readonly inputs?: unknown
}

/** A span that is under way. All its methods are cheap and never throw. */
export interface ActiveSpan {
  /** For what is called below it. */
  readonly traceparent: string
  set(attributes: Attributes): void
  /** What came out, as JSON has it; left out where contents are not to be traced. */
  outputs(value: unknown): void
  /** A part of it that is over already; times in epoch milliseconds. */
  part(name: string, startMs: number, endMs: number, attributes?: Attributes): void
  /** Ends it, the first time that it is called; with what was thrown where something was. */
  end(thrown?: unknown): void
  /** Ends it as failed, for a reason that was not thrown. */
  fail(type: string, message: string): void
}

/** Makes the spans of one service. */
export interface Tracer {
  start(span: StartSpan): ActiveSpan
  /** What models cost, for the spans of their calls. */
  readonly prices: Prices
}

export interface TracerOptions {
  readonly service: string
  readonly now: Now
  /** Takes each span when it ends; it must not throw and not wait. */
  readonly add: (span: SpanData) => void
  /** Whether questions, answers, prompts, scripts and results may be in spans. */
  readonly content: boolean
  readonly prices: Prices
}

/** Most characters of one input or output. */
const MAX_CONTENT = 32_768

/** Makes a tracer. A caller whose context says that it is not sampled gets no spans, and passes that on. */
export function createTracer(options: TracerOptions): Tracer {
  return {
    prices: options.prices,
    start(span) {
      const parent = parseTraceparent(span.parent)
      return parent && !parent.sampled ? passThrough(span.parent) : begin(span, options)
    },
  }
}

/** Traces nothing: what is called below has the parent that it would have had. */
export const NO_TRACER: Tracer = { prices: NO_PRICES, start: ({ parent }) => passThrough(parent) }

function passThrough(traceparent: string): ActiveSpan {
  return { traceparent, set() {}, outputs() {}, part() {}, end() {}, fail() {} }
}

function begin(span: StartSpan, { service, now, add, content }: TracerOptions): ActiveSpan {
  const traceparent = childTraceparent(span.parent)
  const [, traceId = '', spanId = ''] = traceparent.split('-')
  const parentSpanId = span.isRoot ? null : (parseTraceparent(span.parent)?.spanId ?? null)
  const startMs = now()
  let attributes: Attributes = {
    ...(span.type ? { [SPAN_TYPE]: span.type } : {}),
    ...(content && span.inputs !== undefined ? { [SPAN_INPUTS]: toContent(span.inputs) } : {}),
    ...span.attributes,
  }
  let ended = false
  const finish = (fault: { readonly type: string; readonly message: string } | null) => {
    if (ended) return
    ended = true
    add({
      traceId,
      spanId,
      parentSpanId,
      name: span.name,
      kind: span.kind ?? 'internal',
      startMs,
      endMs: Math.max(startMs, now()),
      service,
      attributes: fault ? { ...attributes, [ERROR_TYPE]: fault.type } : attributes,
      fault: fault?.message ?? null,
    })
  }
  return {
    traceparent,
    set(more) {
      attributes = { ...attributes, ...more }
    },
    outputs(value) {
      if (content) attributes = { ...attributes, [SPAN_OUTPUTS]: toContent(value) }
    },
    part(name, partStart, partEnd, of = {}) {
      const [, , id = ''] = childTraceparent(traceparent).split('-')
      add({
        traceId,
        spanId: id,
        parentSpanId: spanId,
        name,
        kind: 'internal',
        startMs: partStart,
        endMs: Math.max(partStart, partEnd),
        service,
        attributes: of,
        fault: null,
      })
    },
    end(thrown) {
      const error = thrown === undefined ? null : toAetherError(thrown)
      finish(error && { type: error.code, message: error.message })
    },
    fail: (type, message) => finish({ type, message }),
  }
}

/** Contents as JSON text, cut where they are long: a trace shows what went on, it does not keep it. */
function toContent(value: unknown): string {
  const text = JSON.stringify(value) ?? 'null'
  if (text.length <= MAX_CONTENT) return text
  return JSON.stringify(`${text.slice(0, MAX_CONTENT)}… (${text.length} characters)`)
}
