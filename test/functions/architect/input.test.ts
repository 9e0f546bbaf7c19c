import { expect, test } from 'vitest'
import { readTurn } from '../../../functions/architect/input.ts'
import { toWire } from '../../../shared/domain/wire.ts'
import { turnOf } from './support.ts'

test('our own turn comes through the wire whole, a response format untouched', () => {
  const turn = turnOf(['hi'], {
    brief: true,
    responseFormat: { type: 'json_schema', json_schema: { my_key: 1 } },
  })
  const data = new Map<string, Record<string, unknown>>([
    ['aether.turn/v1', JSON.parse(JSON.stringify(toWire(turn)))],
  ])
  expect(readTurn({ text: 'hi', data })).toEqual(turn)
})

test('a caller with text only is served', () => {
  expect(readTurn({ text: 'hello', data: new Map() }).messages).toEqual([{ role: 'user', content: 'hello' }])
})

test('a broken turn is refused with its path, not its value', () => {
  const data = new Map<string, Record<string, unknown>>([
    ['aether.turn/v1', { ...toWire(turnOf(['hi'])), messages: [{ role: 'wizard-secret', content: 'x' }] }],
  ])
  expect(() => readTurn({ text: '', data })).toThrow(
    expect.objectContaining({ code: 'INVALID_INPUT', message: expect.not.stringContaining('wizard-secret') }),
  )
})
