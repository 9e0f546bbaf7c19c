import { beforeEach, describe, expect, test } from 'vitest'
import { createGate, createScriptedAgent, resultEvent } from '../../../fakes/scripted-agent.ts'
import { withDatabase } from '../../../harness/database.ts'
import { json } from '../sse.ts'
import { ask, clearTables, createEchoAgent, createTestGateway, OTHER_KEY, READ_KEY } from '../support.ts'

const database = withDatabase()
beforeEach(() => clearTables(database.db))

describe('refused before the headers, in the shape of OpenAI', () => {
  test.each([
    ['no key', { key: null }, ask('x'), 401, 'invalid_api_key', null],
    ['a wrong key', { key: 'wrong' }, ask('x'), 401, 'invalid_api_key', null],
    ['a key that may only read', { key: READ_KEY }, ask('x'), 403, 'forbidden', null],
    [
      'a wrong role',
      {},
      { messages: [{ role: 'robot', content: 'x' }] },
      400,
      'invalid_input',
      'messages[0].role',
    ],
    ['two choices', {}, ask('x', { n: 2 }), 400, 'unsupported_value', 'n'],
    ['an unknown agent', {}, ask('x', { agent: 'cook' }), 404, 'model_not_found', 'agent'],
    ['an unknown agent id', {}, ask('x', { model: 'aether/cook' }), 404, 'model_not_found', 'model'],
    ['a long message', {}, ask('x'.repeat(70_000)), 413, 'too_large', 'messages[0].content'],
    [
      'a conversation that is not there',
      {},
      ask('x', { conversation_id: 'conv_nope' }),
      404,
      'not_found',
      'conversation_id',
    ],
  ])('%s', async (_name, options, body, status, code, param) => {
    const agent = createEchoAgent()
    const t = createTestGateway(database.db, agent)
    const response = await t.chat({ ...body, stream: true }, options)
    expect(response.status).toBe(status)
    expect(response.headers.get('content-type')).toContain('application/json')
    expect(response.headers.get('x-request-id')).toEqual(expect.any(String))
    const { error } = await json(response)
    expect(error).toMatchObject({ code, param, message: expect.any(String), type: expect.any(String) })
    expect(agent.calls).toEqual([])
  })

  test('a body that is no JSON', async () => {
    const t = createTestGateway(database.db, createEchoAgent())
    const response = await t.request('/api/v1/chat/completions', { method: 'POST', body: '{"a":' })
    expect(response.status).toBe(400)
    expect((await json(response)).error.code).toBe('malformed_json')
  })

  test('the key in the query string does not count', async () => {
    const t = createTestGateway(database.db, createEchoAgent())
    const response = await t.request('/api/v1/models?api_key=test-key-alice', { key: null })
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toBe('Bearer')
  })
})

describe('the cap on runs at once', () => {
  test('is per key, counts open runs only, and says when to come again', async () => {
    const gate = createGate()
    const agent = createScriptedAgent(() => [{ wait: gate.opened }, resultEvent('done')])
    const t = createTestGateway(database.db, agent, { limits: { concurrentRuns: 3 } })
    const open = await Promise.all([1, 2, 3, 4, 5].map((i) => t.chat(ask(`question ${i}`, { stream: true }))))
    const refused = open.filter((response) => response.status === 429)
    expect(refused).toHaveLength(2)
    expect(refused[0]?.headers.get('retry-after')).toBe('5')
    expect((await json(refused[0])).error).toMatchObject({ code: 'rate_limited', type: 'rate_limit_error' })
    const other = await t.chat(ask('mine', { stream: true }), { key: OTHER_KEY })
    expect(other.status).toBe(200)
    gate.open()
    await Promise.all([...open, other].map((response) => (response.bodyUsed ? null : response.text())))
    await t.settled()
    expect((await t.chat(ask('after'))).status).toBe(200)
  })
})

describe('shutdown', () => {
  test('new turns are refused with a word on when to come again', async () => {
    const t = createTestGateway(database.db, createEchoAgent())
    await t.gateway.drain(0)
    const response = await t.chat(ask('x'))
    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after')).toEqual(expect.any(String))
    expect((await json(response)).error.code).toBe('server_shutdown')
  })
})

describe('without the database', () => {
  test('a turn is refused as unavailable, not accepted in memory', async () => {
    const { createDb } = await import('../../../../shared/storage/db.ts')
    const away = createDb('postgres://nobody@127.0.0.1:1/none', { max: 1 })
    const agent = createEchoAgent()
    const t = createTestGateway(away.db, agent)
    const response = await t.chat(ask('x'))
    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after')).toEqual(expect.any(String))
    expect((await json(response)).error.code).toBe('storage_unavailable')
    expect(agent.calls).toEqual([])
    await away.close()
  })
})
