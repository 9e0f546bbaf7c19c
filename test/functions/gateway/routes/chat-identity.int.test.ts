import { beforeEach, describe, expect, test } from 'vitest'
import { AetherError } from '../../../../shared/errors/aether-error.ts'
import { createGate, createScriptedAgent, resultEvent, textEvents } from '../../../fakes/scripted-agent.ts'
import { withDatabase } from '../../../harness/database.ts'
import { json } from '../sse.ts'
import {
  ask,
  clearTables,
  conversationIdOf,
  createEchoAgent,
  createTestGateway,
  OTHER_KEY,
  runIdOf,
} from '../support.ts'

const database = withDatabase()
beforeEach(() => clearTables(database.db))

const user = (content: string) => ({ role: 'user', content })
const assistant = (content: string) => ({ role: 'assistant', content })

describe('conversations', () => {
  test('a second turn finds its conversation by the talk so far', async () => {
    const t = createTestGateway(database.db, createEchoAgent())
    const first = await t.chat(ask('hi'))
    const second = await t.chat({ messages: [user('hi'), assistant('Answer to: hi'), user('and now?')] })
    const third = await t.chat({
      messages: [
        user('hi'),
        assistant('Answer to: hi'),
        user('and now?'),
        assistant('Answer to: and now?'),
        user('so?'),
      ],
    })
    expect(conversationIdOf(second)).toBe(conversationIdOf(first))
    expect(conversationIdOf(third)).toBe(conversationIdOf(first))
    const conversation = await json(await t.request(`/api/v1/conversations/${conversationIdOf(first)}`))
    expect(conversation.messages.map((m: { content: string }) => m.content)).toEqual([
      'hi',
      'Answer to: hi',
      'and now?',
      'Answer to: and now?',
      'so?',
      'Answer to: so?',
    ])
    expect(conversation.runs).toHaveLength(3)
  })

  test('two clients with the same opening never share one, by one key or by two', async () => {
    const t = createTestGateway(database.db, createEchoAgent())
    const a = await t.chat(ask('hi'))
    const b = await t.chat(ask('hi'))
    const c = await t.chat(ask('hi'), { key: OTHER_KEY })
    expect(new Set([a, b, c].map(conversationIdOf)).size).toBe(3)
    const next = { messages: [user('hi'), assistant('Answer to: hi'), user('and now?')] }
    const a2 = await t.chat(next)
    const b2 = await t.chat(next)
    const c2 = await t.chat(next, { key: OTHER_KEY })
    expect(new Set([a2, b2, c2].map(conversationIdOf)).size).toBe(3)
    expect(conversationIdOf(c2)).toBe(conversationIdOf(c))
    expect(new Set([a2, b2].map(conversationIdOf))).toEqual(new Set([a, b].map(conversationIdOf)))
  })

  test('an id of the client names it, for its key alone', async () => {
    const t = createTestGateway(database.db, createEchoAgent())
    const headers = { 'x-openwebui-chat-id': 'chat-1' }
    const first = await t.chat(ask('hi'), { headers })
    const second = await t.chat(ask('something else'), { headers })
    const stranger = await t.chat(ask('hi'), { headers, key: OTHER_KEY })
    expect(conversationIdOf(second)).toBe(conversationIdOf(first))
    expect(conversationIdOf(stranger)).not.toBe(conversationIdOf(first))
  })

  test('our own id goes on, and is not there for another key', async () => {
    const t = createTestGateway(database.db, createEchoAgent())
    const conversation_id = conversationIdOf(await t.chat(ask('hi')))
    expect(conversationIdOf(await t.chat(ask('more', { conversation_id })))).toBe(conversation_id)
    expect((await t.chat(ask('more', { conversation_id }), { key: OTHER_KEY })).status).toBe(404)
  })

  test('a conversation takes a turn of thousands of messages', async () => {
    const t = createTestGateway(database.db, createEchoAgent())
    const conversation_id = conversationIdOf(await t.chat(ask('hi')))
    const messages = Array.from({ length: 12_000 }, (_, i) => user(`line ${i}`))
    const response = await t.chat({ messages, conversation_id })
    expect(response.status).toBe(200)
    expect((await json(response)).choices[0].message.content).toBe('Answer to: line 11999')
  })

  test('an answer that the client never got is there on its next turn', async () => {
    const gate = createGate()
    const agent = createScriptedAgent((turn) => [
      ...textEvents(['You used ']),
      { wait: turn.messages.length === 1 ? gate.opened : Promise.resolve() },
      resultEvent('You used 84.2 kWh.'),
    ])
    const t = createTestGateway(database.db, agent)
    const first = await t.chat(ask('How much?', { stream: true, conversation_id: 'kitchen' }))
    await first.body?.cancel()
    gate.open()
    await t.settled()
    await t.chat({ messages: [user('How much?'), user('And the cost?')], conversation_id: 'kitchen' })
    expect(agent.calls[1]?.turn.messages).toEqual([
      user('How much?'),
      assistant('You used 84.2 kWh.'),
      user('And the cost?'),
    ])
    await t.chat({
      messages: [user('How much?'), assistant('You used'), user('And the peak?')],
      conversation_id: 'kitchen',
    })
    expect(agent.calls[2]?.turn.messages[1]).toEqual(assistant('You used 84.2 kWh.'))
  })
})

describe('the same Idempotency-Key', () => {
  const headers = { 'idempotency-key': 'k1' }

  test('attaches to the same run, whether it runs or has ended', async () => {
    const agent = createEchoAgent()
    const t = createTestGateway(database.db, agent)
    const all = await Promise.all([1, 2, 3].map(() => t.chat(ask('hi', { stream: true }), { headers })))
    const texts = await Promise.all(all.map((response) => response.text()))
    expect(new Set(all.map(runIdOf)).size).toBe(1)
    expect(new Set(texts.map((text) => text.replaceAll(/"content":"|"}/g, ''))).size).toBeGreaterThan(0)
    for (const text of texts) expect(text).toContain('[DONE]')
    const again = await (await t.chat(ask('hi', { stream: true }), { headers })).text()
    expect(again).toContain('Answer to: hi')
    expect(agent.calls).toHaveLength(1)
  })

  test('with another body is a conflict that is not repeated', async () => {
    const t = createTestGateway(database.db, createEchoAgent())
    await t.chat(ask('hi'), { headers })
    const response = await t.chat(ask('bye'), { headers })
    expect(response.status).toBe(409)
    expect(response.headers.get('x-should-retry')).toBe('false')
    expect((await json(response)).error.code).toBe('idempotency_mismatch')
  })

  test('after a failure that a retry can mend runs anew, and then answers with that; one it cannot mend stays', async () => {
    let code: 'LLM_UNAVAILABLE' | 'DEADLINE_EXCEEDED' | null = 'LLM_UNAVAILABLE'
    const agent = createScriptedAgent(() =>
      code === null ? [resultEvent('Done.')] : [{ fail: new AetherError(code) }],
    )
    const t = createTestGateway(database.db, agent)
    const failed = await t.chat(ask('hi'), { headers })
    expect(failed.status).toBe(503)
    expect((await t.chat(ask('bye'), { headers })).status).toBe(409)
    code = null
    const mended = await t.chat(ask('hi'), { headers })
    expect(mended.status).toBe(200)
    expect(runIdOf(mended)).not.toBe(runIdOf(failed))
    expect(runIdOf(await t.chat(ask('hi'), { headers }))).toBe(runIdOf(mended))
    code = 'DEADLINE_EXCEEDED'
    const late = { 'idempotency-key': 'k2' }
    const over = await t.chat(ask('hi'), { headers: late })
    code = null
    expect(runIdOf(await t.chat(ask('hi'), { headers: late }))).toBe(runIdOf(over))
  })

  test('of another owner, or after 24 hours, is a new run', async () => {
    const t = createTestGateway(database.db, createEchoAgent())
    const first = runIdOf(await t.chat(ask('hi'), { headers }))
    expect(runIdOf(await t.chat(ask('hi'), { headers, key: OTHER_KEY }))).not.toBe(first)
    t.clock.ahead = 23 * 3_600_000
    expect(runIdOf(await t.chat(ask('hi'), { headers }))).toBe(first)
    t.clock.ahead = 25 * 3_600_000
    expect(runIdOf(await t.chat(ask('bye'), { headers }))).not.toBe(first)
  })
})

describe('a repeated request without a key', () => {
  test('is a new run, unless it says that it is a retry', async () => {
    const agent = createEchoAgent()
    const t = createTestGateway(database.db, agent)
    const first = await t.chat(ask('hi'))
    const second = await t.chat(ask('hi'))
    expect(runIdOf(second)).not.toBe(runIdOf(first))
    const retry = await t.chat(ask('hi'), { headers: { 'x-stainless-retry-count': '1' } })
    expect(runIdOf(retry)).toBe(runIdOf(second))
    expect((await json(retry)).choices[0].message.content).toBe('Answer to: hi')
    expect(agent.calls).toHaveLength(2)
  })

  test.each([
    ['another agent', ask('hi', { agent: 'architect' }), {}],
    ['another message', ask('hello'), {}],
    ['another key', ask('hi'), { key: OTHER_KEY }],
    ['another conversation', ask('hi', { conversation_id: 'other' }), {}],
  ])('a retry with %s is a new run', async (_name, body, options) => {
    const t = createTestGateway(database.db, createEchoAgent())
    const first = await t.chat(ask('hi'))
    const retry = await t.chat(body, { ...options, headers: { 'x-stainless-retry-count': '1' } })
    expect(runIdOf(retry)).not.toBe(runIdOf(first))
  })

  test('a retry of a failed run is a new run', async () => {
    const agent = createScriptedAgent((_turn, n) =>
      n === 1 ? [{ fail: new Error('x') }] : [resultEvent('ok')],
    )
    const t = createTestGateway(database.db, agent)
    expect((await t.chat(ask('hi'))).status).toBe(500)
    const retry = await t.chat(ask('hi'), { headers: { 'x-stainless-retry-count': '1' } })
    expect((await json(retry)).choices[0].message.content).toBe('ok')
  })

  test('within 60 s after a cut connection attaches and gets the whole answer', async () => {
    const gate = createGate()
    const agent = createScriptedAgent(() => [
      ...textEvents(['Last week ']),
      { wait: gate.opened },
      resultEvent('Last week used 84.2 kWh'),
    ])
    const t = createTestGateway(database.db, agent)
    const cut = await t.chat(ask('hi', { stream: true }))
    const reader = cut.body?.getReader()
    await reader?.read()
    await reader?.cancel()
    // The note of the cut is written beside the running run.
    await new Promise((resolve) => setTimeout(resolve, 50))
    const again = await t.chat(ask('hi', { stream: true }))
    expect(runIdOf(again)).toBe(runIdOf(cut))
    gate.open()
    const text = await again.text()
    expect(text).toContain('used 84.2 kWh')
    expect(agent.calls).toHaveLength(1)
    expect(agent.left).toBe(0)
  })

  test('a client that waits for the whole answer and leaves while its turn is accepted was cut too', async () => {
    const gate = createGate()
    const agent = createScriptedAgent(() => [{ wait: gate.opened }, resultEvent('done')])
    const t = createTestGateway(database.db, agent)
    const gone = new AbortController()
    t.llm.resolve = async () => {
      gone.abort()
      return 'test-model'
    }
    const body = ask('hi', { model: 'gpt-4o' })
    const cut = t.chat(body, { signal: gone.signal })
    await new Promise((resolve) => setTimeout(resolve, 100))
    const again = t.chat({ ...body, stream: true })
    gate.open()
    expect(await (await again).text()).toContain('done')
    expect(runIdOf(await cut)).toBe(runIdOf(await again))
    expect(agent.calls).toHaveLength(1)
  })

  test('more than 60 s after a cut is a new run', async () => {
    const agent = createEchoAgent()
    const t = createTestGateway(database.db, agent)
    const cut = await t.chat(ask('hi', { stream: true }))
    await cut.body?.cancel()
    await t.settled()
    t.clock.ahead = 61_000
    expect(runIdOf(await t.chat(ask('hi')))).not.toBe(runIdOf(cut))
  })

  test('leaving after the end marker is no cut', async () => {
    const t = createTestGateway(database.db, createEchoAgent())
    const first = await t.chat(ask('hi', { stream: true }))
    const reader = first.body?.getReader()
    let text = ''
    while (!text.includes('[DONE]')) text += new TextDecoder().decode((await reader?.read())?.value)
    await reader?.cancel()
    await t.settled()
    expect(runIdOf(await t.chat(ask('hi')))).not.toBe(runIdOf(first))
  })
})
