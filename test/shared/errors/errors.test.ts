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

describe('the table of the chat contract, section 4', () => {
  it.each([
    [400, 'invalid_request_error', ['invalid_input', 'unsupported_value', 'malformed_json']],
    [401, 'invalid_request_error', ['invalid_api_key']],
    [403, 'invalid_request_error', ['forbidden']],
    [404, 'invalid_request_error', ['model_not_found', 'not_found']],
    [409, 'invalid_request_error', ['idempotency_mismatch', 'conflict', 'cancelled']],
    [413, 'invalid_request_error', ['too_large']],
    [429, 'rate_limit_error', ['rate_limited']],
    [500, 'server_error', ['internal']],
    [
      503,
      'server_error',
      ['agent_unavailable', 'llm_unavailable', 'home_unavailable', 'storage_unavailable'],
    ],
    [503, 'server_error', ['server_shutdown', 'interrupted', 'sandbox_unavailable']],
    [504, 'server_error', ['deadline_exceeded']],
  ])('%i %s: %j', async (status, type, wires) => {
    for (const wire of wires) {
      const code = codes.find((name) => ERRORS[name].wire === wire)
      if (code === undefined) throw new Error(`no row for ${wire}`)
      const response = toHttp(new AetherError(code), 'req_1')
      const helps = status === 429 || (status === 503 && wire !== 'sandbox_unavailable')
      const refused = !helps && (status === 409 || status >= 500)
      expect(response.status).toBe(status)
      expect(response.headers.has('retry-after')).toBe(helps)
      expect(response.headers.get('x-should-retry')).toBe(refused ? 'false' : null)
      expect(response.headers.get('www-authenticate')).toBe(status === 401 ? 'Bearer' : null)
      const { error } = (await response.json()) as { error: object }
      expect(error).toMatchObject({ type, code: wire, param: null })
    }
  })
})
