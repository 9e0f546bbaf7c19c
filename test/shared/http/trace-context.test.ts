import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  childTraceparent,
  formatTraceparent,
  newTraceparent,
  parseTraceparent,
  traceIdOf,
} from '../../../shared/http/trace-context.ts'

// The example of https://www.w3.org/TR/trace-context/#examples-of-http-traceparent-headers
const EXAMPLE = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'

test('the example of the standard is read and written', () => {
  const context = parseTraceparent(EXAMPLE)
  expect(context).toEqual({
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    spanId: '00f067aa0ba902b7',
    sampled: true,
  })
  expect(context && formatTraceparent(context)).toBe(EXAMPLE)
})

test.each([
  ['missing', null],
  ['empty', ''],
  ['upper case', EXAMPLE.toUpperCase()],
  ['a trace id of zeros', `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`],
  ['a span id of zeros', `00-4bf92f3577b34da6a3ce929d0e0e4736-${'0'.repeat(16)}-01`],
  ['version ff', EXAMPLE.replace(/^00/, 'ff')],
  ['more fields under version 00', `${EXAMPLE}-extra`],
  ['too short', EXAMPLE.slice(0, -3)],
])('invalid: %s', (_name, text) => {
  expect(parseTraceparent(text)).toBeNull()
})

test('a later version may have more fields', () => {
  expect(parseTraceparent(`${EXAMPLE.replace(/^00/, '01')}-extra`)?.sampled).toBe(true)
})

test('a child stays in the trace, keeps the sampling, and has a span of its own', () => {
  fc.assert(
    fc.property(fc.boolean(), (sampled) => {
      const start = parseTraceparent(newTraceparent())
      if (!start) throw new Error('a new traceparent is valid')
      const parent = formatTraceparent({ ...start, sampled })
      const child = parseTraceparent(childTraceparent(parent))
      expect(child?.traceId).toBe(traceIdOf(parent))
      expect(child?.sampled).toBe(sampled)
      expect(child?.spanId).not.toBe(start.spanId)
    }),
  )
})

test('a child of nothing begins a trace', () => {
  expect(parseTraceparent(childTraceparent('nonsense'))).not.toBeNull()
  expect(traceIdOf('nonsense')).toBe('')
})
