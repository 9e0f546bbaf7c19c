import { TaskNotFoundError } from '@a2a-js/sdk/errors'
import { expect, test } from 'vitest'
import { isOurFault, toRestFault, toRpcFault } from '../../../shared/a2a/faults.ts'
import { AetherError } from '../../../shared/errors/aether-error.ts'
import { ERRORS, type ErrorCode } from '../../../shared/errors/table.ts'

test.each(Object.keys(ERRORS) as ErrorCode[])(
  '%s keeps its code, its status and its reason on both bindings',
  (code) => {
    const error = new AetherError(code, 'what is wrong')
    expect(toRpcFault(error)).toMatchObject({
      code: ERRORS[code].jsonrpc,
      message: 'what is wrong',
      data: [{ reason: code }],
    })
    const { status, body } = toRestFault(error)
    expect(status).toBe(ERRORS[code].http)
    expect(body).toMatchObject({
      error: { code: status, message: 'what is wrong', details: [{ reason: code }] },
    })
  },
)

test('errors of A2A are written as the SDK knows them', () => {
  expect(toRpcFault(new TaskNotFoundError())).toMatchObject({
    code: -32001,
    data: [{ reason: 'TASK_NOT_FOUND' }],
  })
  expect(toRestFault(new TaskNotFoundError()).status).toBe(404)
})

test('what is not known is INTERNAL and says nothing', () => {
  for (const thrown of [new TypeError('private'), 'private', undefined]) {
    expect(JSON.stringify(toRpcFault(thrown))).not.toContain('private')
    expect(JSON.stringify(toRestFault(thrown))).not.toContain('private')
    expect(toRestFault(thrown).status).toBe(500)
    expect(isOurFault(thrown)).toBe(true)
  }
  expect(isOurFault(new AetherError('INVALID_INPUT'))).toBe(false)
  expect(isOurFault(new TaskNotFoundError())).toBe(false)
})
