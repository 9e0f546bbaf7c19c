import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeSpans } from '../../../shared/tracing/encode.ts'
import type { SpanData } from '../../../shared/tracing/span.ts'
import { readSpans } from '../../harness/spans.ts'

const hex = (digits: number) =>
  fc
    .array(fc.constantFrom(...'0123456789abcdef'), { minLength: digits, maxLength: digits })
    .map((each) => each.join(''))

const span: fc.Arbitrary<SpanData> = fc.record({
  traceId: hex(32),
  spanId: hex(16),
  parentSpanId: fc.option(hex(16)),
  name: fc.string({ minLength: 1 }),
  kind: fc.constantFrom('internal' as const, 'server' as const, 'client' as const),
  startMs: fc.integer({ min: 0, max: 4e12 }),
  endMs: fc.integer({ min: 0, max: 4e12 }),
  service: fc.constantFrom('gateway', 'architect'),
  attributes: fc.dictionary(
    fc.string({ minLength: 1 }).filter((key) => key !== '__proto__'),
    fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.boolean(),
      fc.maxSafeInteger(),
      fc.double({ noNaN: true }),
      fc.array(fc.string()),
    ),
  ),
  fault: fc.option(fc.string({ minLength: 1 })),
})

test('what is encoded is read back as it was, whatever it holds', () => {
  fc.assert(
    fc.property(fc.array(span, { maxLength: 5 }), (spans) => {
      const read = readSpans(encodeSpans(spans, { version: '1', clean: (text) => text }))
      const byService = Object.values(Object.groupBy(spans, (each) => each.service)).flatMap(
        (own) => own ?? [],
      )
      expect(read).toEqual(
        byService.map((each) => ({
          service: each.service,
          traceId: each.traceId,
          spanId: each.spanId,
          parentId: each.parentSpanId ?? '',
          name: each.name,
          kind: { internal: 1, server: 2, client: 3 }[each.kind],
          start: BigInt(each.startMs) * 1_000_000n,
          end: BigInt(each.endMs) * 1_000_000n,
          // A number without a fraction is an integer on the wire, and that knows no negative zero.
          attributes: Object.fromEntries(
            Object.entries(each.attributes).map(([key, value]) => [key, Object.is(value, -0) ? 0 : value]),
          ),
          status: each.fault === null ? 1 : 2,
          message: each.fault ?? '',
        })),
      )
    }),
  )
})

test('every text that leaves goes through the cleaner', () => {
  const body = encodeSpans(
    [
      {
        traceId: 'a'.repeat(32),
        spanId: 'b'.repeat(16),
        parentSpanId: null,
        name: 'chat SECRET',
        kind: 'client',
        startMs: 1,
        endMs: 2,
        service: 'gateway',
        attributes: { one: 'a SECRET', list: ['SECRET'] },
        fault: 'SECRET',
      },
    ],
    { version: '1', clean: (text) => text.replaceAll('SECRET', '*') },
  )
  expect(Buffer.from(body).toString('latin1')).not.toContain('SECRET')
  expect(readSpans(body)[0]).toMatchObject({
    name: 'chat *',
    attributes: { one: 'a *', list: ['*'] },
    message: '*',
  })
})
