/** W3C Trace Context, https://www.w3.org/TR/trace-context/#traceparent-header : ids as lower-case hex. */
export interface TraceContext {
  readonly traceId: string
  readonly spanId: string
  readonly sampled: boolean
}

const FORM = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/

/** So many random hex digits; never zeros alone, which the standard forbids for an id. */
function hex(digits: number): string {
  let out = ''
  while (out.length < digits) {
    const uuid = crypto.randomUUID()
    out += uuid.slice(0, 8) + uuid.slice(24) // without the digits that tell variant and version
  }
  out = out.slice(0, digits)
  return /[^0]/.test(out) ? out : hex(digits)
}

/** Reads a `traceparent`; null for a missing or invalid one, which by the standard starts a new trace. */
export function parseTraceparent(text: string | null | undefined): TraceContext | null {
  const match = text ? FORM.exec(text.trim()) : null
  if (!match) return null
  const [, version, traceId = '', spanId = '', flags = '00', rest] = match
  if (version === 'ff' || (version === '00' && rest !== undefined)) return null
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return null
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 }
}

/** Writes a `traceparent` of version 00. */
export function formatTraceparent(context: TraceContext): string {
  return `00-${context.traceId}-${context.spanId}-${context.sampled ? '01' : '00'}`
}

/** Begins a new, sampled trace. */
export function newTraceparent(): string {
  return formatTraceparent({ traceId: hex(32), spanId: hex(16), sampled: true })
}

/** A new span below the given one, in the same trace; an invalid parent begins a new trace. */
export function childTraceparent(parent: string | null | undefined): string {
  const context = parseTraceparent(parent)
  return context ? formatTraceparent({ ...context, spanId: hex(16) }) : newTraceparent()
}

/** Trace id of a `traceparent`, or an empty text. */
export function traceIdOf(traceparent: string | null | undefined): string {
  return parseTraceparent(traceparent)?.traceId ?? ''
}
