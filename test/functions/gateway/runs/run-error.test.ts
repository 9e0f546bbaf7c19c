import { expect, test } from 'vitest'
import { fromRunError } from '../../../../functions/gateway/runs/run-error.ts'
import { AetherError } from '../../../../shared/errors/aether-error.ts'
import { ERRORS, type ErrorCode } from '../../../../shared/errors/table.ts'
import { toWireError } from '../../../../shared/errors/wire.ts'

test('every code survives the wire and back, with its message', () => {
  for (const code of Object.keys(ERRORS) as ErrorCode[]) {
    if (code === 'INTERNAL') continue
    const back = fromRunError(toWireError(new AetherError(code, 'What happened.')))
    expect([back.code, back.message]).toEqual([code, 'What happened.'])
  }
})

test('our own code names are understood too', () => {
  expect(fromRunError({ code: 'LLM_UNAVAILABLE', message: 'x' }).code).toBe('LLM_UNAVAILABLE')
})

test('an unknown code and an internal fault keep their text inside', () => {
  for (const code of ['E_WHATEVER', 'internal', '__proto__'])
    expect(fromRunError({ code, message: 'select * from secrets' })).toMatchObject({
      code: 'INTERNAL',
      message: new AetherError('INTERNAL').message,
    })
})
