import { expect, test } from 'vitest'
import { AetherError } from '../../../shared/errors/aether-error.ts'
import { parseTraceparent } from '../../../shared/http/trace-context.ts'
import { NO_PRICES } from '../../../shared/llm/prices.ts'
import type { SpanData } from '../../../shared/tracing/span.ts'
import { createTracer, NO_TRACER } from '../../../shared/tracing/tracer.ts'

const PARENT = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`

function tracing(content = true) {
  const spans: SpanData[] = []
  const clock = { now: 1_000 }
  const tracer = createTracer({
    service: 'architect',
    now: () => clock.now,
    add: (span) => spans.push(span),
    content,
    prices: NO_PRICES,
  })
  return { spans, clock, tracer }
}

test('a span stands below its parent, and what it calls below it', () => {
  const { spans, clock, tracer } = tracing()
  const span = tracer.start({
    name: 'architect',
    parent: PARENT,
    kind: 'server',
    type: 'AGENT',
    inputs: 'why?',
  })
  const child = tracer.start({ name: 'chat m', parent: span.traceparent })
  clock.now = 1_500
  child.end()
  span.outputs('because')
  span.set({ rows: 3, nothing: undefined })
  clock.now = 2_000
  span.end()
  expect(spans).toMatchObject([
    {
      name: 'chat m',
      parentSpanId: parseTraceparent(span.traceparent)?.spanId,
      startMs: 1_000,
      endMs: 1_500,
    },
    {
      name: 'architect',
      service: 'architect',
      traceId: 'a'.repeat(32),
      parentSpanId: 'b'.repeat(16),
      kind: 'server',
      endMs: 2_000,
      fault: null,
      attributes: {
        'mlflow.spanType': 'AGENT',
        'mlflow.spanInputs': '"why?"',
        'mlflow.spanOutputs': '"because"',
        rows: 3,
      },
    },
  ])
})

test('a root keeps the trace and has no parent', () => {
  const { spans, tracer } = tracing()
  tracer.start({ name: 'gateway', parent: PARENT, isRoot: true }).end()
  expect(spans[0]).toMatchObject({ traceId: 'a'.repeat(32), parentSpanId: null })
})

test('it ends once, with the public words of a fault', () => {
  const { spans, tracer } = tracing()
  const span = tracer.start({ name: 'x', parent: PARENT })
  span.end(new Error('password=hunter2'))
  span.end()
  const typed = tracer.start({ name: 'y', parent: PARENT })
  typed.end(new AetherError('HOME_UNAVAILABLE'))
  expect(spans).toHaveLength(2)
  expect(JSON.stringify(spans)).not.toContain('hunter2')
  expect(spans[0]?.attributes).toMatchObject({ 'error.type': 'INTERNAL' })
  expect(spans[1]?.attributes).toMatchObject({ 'error.type': 'HOME_UNAVAILABLE' })
})

test('parts that are over stand below it', () => {
  const { spans, tracer } = tracing()
  const span = tracer.start({ name: 'sandbox', parent: PARENT })
  span.part('sandbox.queue', 10, 20)
  span.end()
  expect(spans[0]).toMatchObject({
    name: 'sandbox.queue',
    parentSpanId: spans[1]?.spanId,
    startMs: 10,
    endMs: 20,
  })
  expect(spans[0]?.spanId).not.toBe(spans[1]?.spanId)
})

test('contents stay out when they are not wanted, and long ones are cut', () => {
  const without = tracing(false)
  const span = without.tracer.start({ name: 'x', parent: PARENT, inputs: 'private' })
  span.outputs('private')
  span.end()
  expect(JSON.stringify(without.spans)).not.toContain('private')
  const { spans, tracer } = tracing()
  tracer.start({ name: 'x', parent: PARENT, inputs: 'y'.repeat(1_000_000) }).end()
  const text = String(spans[0]?.attributes['mlflow.spanInputs'])
  expect(text.length).toBeLessThan(40_000)
  expect(JSON.parse(text)).toContain('(1000002 characters)')
})

test('a caller that does not sample gets no spans, and neither do those below', () => {
  const { spans, tracer } = tracing()
  const quiet = PARENT.replace(/01$/, '00')
  const span = tracer.start({ name: 'x', parent: quiet })
  expect(span.traceparent).toBe(quiet)
  span.part('y', 1, 2)
  span.end()
  expect(spans).toEqual([])
})

test('without a receiver nothing is made and the context passes through', () => {
  const span = NO_TRACER.start({ name: 'x', parent: PARENT })
  span.end()
  expect(span.traceparent).toBe(PARENT)
})
