import { expect, test } from 'vitest'
import { AetherError } from '../../../shared/errors/aether-error.ts'
import { ERRORS, type ErrorCode } from '../../../shared/errors/table.ts'
import { codeFromWire, toWireError } from '../../../shared/errors/wire.ts'

test.each(Object.keys(ERRORS) as ErrorCode[])('%s is known by both of its names', (code) => {
  expect(codeFromWire(code)).toBe(code)
  expect(codeFromWire(ERRORS[code].wire)).toBe(code)
})

test('what is no code of ours is null', () => {
  for (const name of ['nonsense', '__proto__', '', 7, undefined]) expect(codeFromWire(name)).toBeNull()
})

test('an error travels by the name of its code on the wire, its message, and whether a repeat helps', () => {
  expect(toWireError(new AetherError('LLM_UNAVAILABLE', 'It is down.'))).toEqual({
    code: 'llm_unavailable',
    message: 'It is down.',
    retryable: true,
  })
})
