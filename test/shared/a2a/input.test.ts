import { Message } from '@a2a-js/sdk'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fingerprintOf } from '../../../shared/a2a/fingerprint.ts'
import { inputOf } from '../../../shared/a2a/input.ts'

const message = (parts: unknown[], given = {}) =>
  Message.fromJSON({ messageId: 'm', role: 'ROLE_USER', parts, ...given })

test('texts are joined, typed data is found by its schema', () => {
  const { text, data } = inputOf(
    message([
      { text: 'one' },
      { data: { schema: 'aether.turn/v1', data: { run_id: 'run_1' } } },
      { text: 'two' },
      { data: { schema: 'x/v1', data: {} } },
    ]),
  )
  expect(text).toBe('one\ntwo')
  expect([...data.keys()]).toEqual(['aether.turn/v1', 'x/v1'])
  expect(data.get('aether.turn/v1')).toEqual({ run_id: 'run_1' })
})

test.each([7, 'text', [1], { data: {} }, { schema: 7, data: {} }, { schema: 's', data: [] }])(
  'data without a schema is passed over: %j',
  (value) => {
    expect(inputOf(message([{ data: value }])).data.size).toBe(0)
  },
)

test('a message has one fingerprint, and what it says another decides it', () => {
  const content = fc.record({ text: fc.string(), number: fc.integer() })
  fc.assert(
    fc.property(content, content, (a, b) => {
      const of = (value: typeof a, given = {}) =>
        fingerprintOf(message([{ text: value.text }, { data: { n: value.number } }], given))
      expect(of(a)).toBe(of({ ...a }))
      expect(of(a)).toBe(of(a, { messageId: 'other', metadata: { at: 1 } }))
      if (a.text !== b.text || a.number !== b.number) expect(of(a)).not.toBe(of(b))
    }),
  )
})
