import { describe, expect, it } from 'vitest'
import { AetherError, toAetherError } from '../../../shared/errors/aether-error.ts'
import { ERRORS, type ErrorCode } from '../../../shared/errors/table.ts'
import { toHttp } from '../../../shared/errors/to-http.ts'
import { toJsonRpc } from '../../../shared/errors/to-jsonrpc.ts'
import { toOpenAI } from '../../../shared/errors/to-openai.ts'

const codes = Object.keys(ERRORS) as ErrorCode[]

describe.each(codes)('%s', (code) => {
  const error = new AetherError(code)

  it('says what is wrong and what to do next', () => {
    expect(ERRORS[code].message.length).toBeGreaterThan(10)
    expect(error.message).toContain(ERRORS[code].suggestion)
  })

  it('has the OpenAI type that belongs to its status', () => {
    const { http, openaiType } = ERRORS[code]
    expect(openaiType).toBe(
      http === 429 ? 'rate_limit_error' : http < 500 ? 'invalid_request_error' : 'server_error',
    )
  })

  it('tells clients that repeat by themselves whether a repeat helps', () => {
    const { status, headers } = toHttp(error, 'req_1')
    const repeats = status === 409 || status === 429 || status >= 500
    if (!repeats) return expect(headers.get('retry-after')).toBeNull()
    expect(headers.has('retry-after')).toBe(error.retryable)
    expect(headers.get('x-should-retry')).toBe(error.retryable ? null : 'false')
  })
})

describe('encoders', () => {
  it('names the path of a bad field and never more', async () => {
    const error = new AetherError(
      'INVALID_INPUT',
      'messages[0].role must be one of system, user, assistant.',
      {
        details: { param: 'messages[0].role' },
      },
    )
    expect(toOpenAI(error).error).toEqual({
      message: 'messages[0].role must be one of system, user, assistant.',
      type: 'invalid_request_error',
      param: 'messages[0].role',
      code: 'invalid_input',
    })
    expect(toJsonRpc(error)).toMatchObject({
      code: -32602,
      data: [{ reason: 'INVALID_INPUT' }, { fieldViolations: [{ field: 'messages[0].role' }] }],
    })
    const response = toHttp(error, 'req_1')
    expect(response.headers.get('x-request-id')).toBe('req_1')
    expect(await response.json()).toEqual(toOpenAI(error))
  })

  it('keeps what it does not know for the log', () => {
    const secret = new Error('password=hunter2')
    const error = toAetherError(secret)
    expect(error.code).toBe('INTERNAL')
    expect(error.cause).toBe(secret)
    expect(JSON.stringify(toOpenAI(error))).not.toContain('hunter2')
  })

  it('tells a deadline from a cancel', () => {
    expect(toAetherError(AbortSignal.abort().reason).code).toBe('CANCELLED')
    expect(toAetherError(new DOMException('', 'TimeoutError')).code).toBe('DEADLINE_EXCEEDED')
    const known = new AetherError('CONFLICT')
    expect(toAetherError(known)).toBe(known)
  })
})
