import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createStopFilter, cutAtStop } from '../../../../functions/gateway/chat/stop.ts'

test('cuts at the first stop sequence', () => {
  expect(cutAtStop('one END two STOP', ['STOP', 'END'])).toBe('one ')
  expect(cutAtStop('one', ['STOP'])).toBe('one')
  expect(cutAtStop('one', [])).toBe('one')
  expect(cutAtStop('abb', ['abb', 'b'])).toBe('a')
  expect(cutAtStop('abb', ['b', 'ab'])).toBe('')
})

test('streamed in any pieces, the same text passes as from the whole', () => {
  const pieces = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 4 }))
  const stops = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 3 }), {
    maxLength: 3,
  })
  fc.assert(
    fc.property(pieces, stops, (texts, words) => {
      const filter = createStopFilter(words)
      const out = texts.map((text) => filter.push(text)).join('') + filter.flush()
      expect(out).toBe(cutAtStop(texts.join(''), words))
    }),
    { numRuns: 1_000 },
  )
})

test('holds back only what may become a stop sequence', () => {
  const filter = createStopFilter(['\n\n'])
  expect(filter.push('a')).toBe('a')
  expect(filter.push('b\n')).toBe('b')
  expect(filter.push('c')).toBe('\nc')
  expect(filter.push('\n\nd')).toBe('')
  expect(filter.push('e')).toBe('')
})
