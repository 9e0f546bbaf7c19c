import { beforeEach, describe, expect, test } from 'vitest'
import { AetherError } from '../../../../shared/errors/aether-error.ts'
import { readRun } from '../../../../shared/storage/runs/read-run.ts'
import { createGate, createScriptedAgent, resultEvent, textEvents } from '../../../fakes/scripted-agent.ts'
import { withDatabase } from '../../../harness/database.ts'
import { json, parseSse } from '../sse.ts'
import { ask, clearTables, createEchoAgent, createTestGateway, KEY, runIdOf } from '../support.ts'

const database = withDatabase()
beforeEach(() => clearTables(database.db))

const framesOf = async (response: Response) => parseSse(await response.text()).map((frame) => frame.data)

describe('with the openai client', () => {
  test('streams text and summed usage', async () => {
    const t = createTestGateway(database.db, createEchoAgent())
    const stream = await t.client().chat.completions.create({ ...ask('hello'), stream: true } as never)
    let text = ''
    let usage: unknown
    for await (const chunk of stream as unknown as AsyncIterable<{
      choices: { delta: { content?: string } }[]
      usage?: unknown
    }>) {
      text += chunk.choices[0]?.delta.content ?? ''
      usage = chunk.usage ?? usage
    }
    expect(text).toBe('Answer to: hello')
    expect(usage).toEqual({ prompt_tokens: 110, completion_tokens: 25, total_tokens: 135 })
  })

  test('its .stream() helper finds role, content and end', async () => {
    const t = createTestGateway(database.db, createEchoAgent())
    const stream = t.client().chat.completions.stream({
      model: 'aether/auto',
      messages: [{ role: 'user', content: 'hello' }],
      stream_options: { include_usage: true },
    })
    const final = await stream.finalChatCompletion()
    expect(final.choices[0]?.message).toMatchObject({ role: 'assistant', content: 'Answer to: hello' })
    expect(final.usage?.total_tokens).toBe(135)
  })

  test('answers whole, with the same facts', async () => {
    const t = createTestGateway(database.db, createEchoAgent())
    const answer = await t.client().chat.completions.create({
      model: 'gpt-4o',
      messages: [{ role: 'user', content: 'hello' }],
    })
    expect(answer.model).toBe('gpt-4o')
    expect(answer.choices[0]).toMatchObject({
      finish_reason: 'stop',
      message: { content: 'Answer to: hello' },
    })
    expect(answer.usage).toEqual({ prompt_tokens: 110, completion_tokens: 25, total_tokens: 135 })
  })

  test('errors arrive typed, in the stream and before it', async () => {
    const fails = createScriptedAgent(() => [{ fail: new AetherError('LLM_UNAVAILABLE', 'It is down.') }])
    const t = createTestGateway(database.db, fails)
    const whole = t.client().chat.completions.create({ ...ask('x') } as never)
    await expect(whole).rejects.toMatchObject({ status: 503, code: 'llm_unavailable' })
    const stream = await t.client().chat.completions.create({ ...ask('y'), stream: true } as never)
    const read = async () => {
      for await (const _ of stream as unknown as AsyncIterable<unknown>);
    }
    await expect(read()).rejects.toThrow('It is down.')
  })
})

describe('the first byte', () => {
  test('comes before any work, when conversation, message and run are stored', async () => {
    const gate = createGate()
    const agent = createScriptedAgent(() => [{ wait: gate.opened }, resultEvent('done')])
    const t = createTestGateway(database.db, agent)
    const response = await t.chat(ask('hello', { stream: true }))
    const reader = response.body?.getReader()
    const first = new TextDecoder().decode((await reader?.read())?.value)
    expect(parseSse(first)[0]?.data.choices[0].delta).toEqual({ role: 'assistant', content: '' })
    const run = await t.run(runIdOf(response))
    expect(['queued', 'running']).toContain(run.state)
    const conversation = await json(await t.request(`/api/v1/conversations/${run.conversation_id}`))
    expect(conversation.messages).toMatchObject([{ role: 'user', content: 'hello' }])
    gate.open()
    await reader?.cancel()
    await t.settled()
  })

  test('says which run, conversation and model it is', async () => {
    const t = createTestGateway(database.db, createEchoAgent())
    const response = await t.chat(ask('hello', { stream: true }))
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
      'x-aether-run-id': expect.stringMatching(/^run_/),
      'x-aether-conversation-id': expect.stringMatching(/^conv_/),
      'x-aether-model': 'test-model',
      'x-request-id': expect.any(String),
    })
    await response.text()
  })
})

const finding = {
  id: 'fnd_1',
  analyst: 'energy' as const,
  kind: 'total',
  title: 'Total',
  statement: 'The home used 84.2 kWh.',
  confidence: { value: 1, factors: [] },
  metricIds: [],
  entities: [],
  evidence: [],
}

describe('the end', () => {
  test('when the answer ends its run is complete and readable', async () => {
    const t = createTestGateway(database.db, createEchoAgent())
    const response = await t.chat(ask('hello', { stream: true }))
    const reader = response.body?.getReader()
    let text = ''
    while (!text.includes('"finish_reason":"stop"'))
      text += new TextDecoder().decode((await reader?.read())?.value)
    const run = await t.run(runIdOf(response))
    expect(run).toMatchObject({
      state: 'completed',
      answer: 'Answer to: hello',
      usage: { total_tokens: 135 },
      error: null,
    })
    expect(run.ended_at).toEqual(expect.any(String))
  })

  test('findings at hand make a partial answer of a failure, with what is missing', async () => {
    const agent = createScriptedAgent(() => [
      { kind: 'finding', analysisId: 'ana_1', finding },
      { fail: new AetherError('LLM_UNAVAILABLE', 'The language model does not answer.') },
    ])
    const t = createTestGateway(database.db, agent)
    const body = await json(await t.chat(ask('x')))
    expect(body.choices[0].message.content).toBe(
      'The home used 84.2 kWh.\n\nThis answer is not complete: The language model does not answer.',
    )
    expect(body.aether.analysis_ids).toEqual(['ana_1'])
  })

  test.each(['json_object', 'json_schema'])(
    'an answer that %s binds is never a partial one in prose',
    async (type) => {
      const agent = createScriptedAgent(() => [
        { kind: 'finding', analysisId: 'ana_1', finding },
        ...textEvents(['{"total": ']),
        { fail: new AetherError('LLM_UNAVAILABLE') },
      ])
      const t = createTestGateway(database.db, agent)
      const response = await t.chat(ask('x', { response_format: { type, json_schema: { name: 'x' } } }))
      expect(response.status).toBe(503)
      expect((await json(response)).error.code).toBe('llm_unavailable')
      expect((await t.run(runIdOf(response))).analysis_ids).toEqual(['ana_1'])
    },
  )

  test('a proposal that waits for approval is text, its event, and a plain stop', async () => {
    const agent = createScriptedAgent(() => [
      ...textEvents(['I propose to turn it off.']),
      { kind: 'proposal', id: 'prop_1', title: 'Turn it off', hash: 'h' },
      resultEvent('I propose to turn it off.'),
    ])
    const t = createTestGateway(database.db, agent)
    const frames = await framesOf(await t.chat(ask('x', { stream: true, aether: { events: true } })))
    expect(frames.some((frame) => frame.aether?.event.kind === 'proposal')).toBe(true)
    expect(frames.at(-2).choices[0].finish_reason).toBe('stop')
    expect(frames.at(-1)).toBe('[DONE]')
  })

  test('a question asked back is the answer', async () => {
    const agent = createScriptedAgent(() => [
      { kind: 'clarify', question: 'Which room?', options: ['Kitchen', 'Bath'] },
    ])
    const t = createTestGateway(database.db, agent)
    const response = await t.chat(ask('x', { stream: true, aether: { events: true } }))
    const frames = await framesOf(response)
    expect(frames.some((frame) => frame.aether?.event.kind === 'clarify')).toBe(true)
    expect((await t.run(runIdOf(response))).answer).toBe('Which room?\n- Kitchen\n- Bath')
  })

  test('an agent that ends without an answer is an error, not silence', async () => {
    const t = createTestGateway(
      database.db,
      createScriptedAgent(() => []),
    )
    const frames = await framesOf(await t.chat(ask('x', { stream: true })))
    expect(frames.at(-2).error).toMatchObject({ code: 'internal', type: 'server_error' })
    expect(frames.at(-1)).toBe('[DONE]')
  })

  test('the budget of a turn used up is a typed end', async () => {
    const never = createScriptedAgent(() => [{ wait: new Promise(() => {}) }])
    const t = createTestGateway(database.db, never, { limits: { turnMs: 30 } })
    const response = await t.chat(ask('x'))
    expect(response.status).toBe(504)
    expect(response.headers.get('x-should-retry')).toBe('false')
    expect((await json(response)).error.code).toBe('deadline_exceeded')
    expect((await t.run(runIdOf(response))).state).toBe('failed')
  })

  test('stop sequences end the text, streamed and whole', async () => {
    const agent = createScriptedAgent(() => [
      ...textEvents(['One. EN', 'D Two.']),
      resultEvent('One. END Two.'),
    ])
    const t = createTestGateway(database.db, agent)
    const body = await json(await t.chat(ask('x', { stop: 'END' })))
    expect(body.choices[0].message.content).toBe('One. ')
    const frames = await framesOf(await t.chat(ask('y', { stop: ['END'], stream: true })))
    expect(frames.map((frame) => frame.choices?.[0]?.delta.content ?? '').join('')).toBe('One. ')
  })
})

describe('who answers', () => {
  test('auto meets the orchestrator, and the gateway says so first', async () => {
    const agent = createEchoAgent()
    const t = createTestGateway(database.db, agent)
    const frames = await framesOf(
      await t.chat(ask('x', { stream: true }), { headers: { 'x-aether-events': '1' } }),
    )
    const delegations = frames.filter((f) => f.aether?.event.kind === 'delegation').map((f) => f.aether)
    expect(delegations[0]).toMatchObject({
      v: 1,
      seq: 1,
      service: 'gateway',
      event: { from: 'gateway', to: 'orchestrator' },
    })
    expect(delegations[1]).toMatchObject({ seq: 2, service: 'orchestrator' })
    expect(agent.calls[0]?.turn.hints).toMatchObject({ analysts: null, model: null, brief: false })
    expect(agent.calls[0]?.call).toMatchObject({ user: 'key_alice' })
  })

  test.each([
    ['architect', null],
    ['energy', ['energy']],
    ['behavioral', ['behavioral']],
    ['diagnostic', ['diagnostic']],
  ])('%s goes past the orchestrator', async (name, analysts) => {
    const agent = createEchoAgent()
    const t = createTestGateway(database.db, agent)
    const response = await t.chat(ask('How much?', { agent: name, model: 'gpt-known' }))
    expect((await json(response)).choices[0].message.content).toBe('From the architect.')
    expect(response.headers.get('x-aether-model')).toBe('gpt-known')
    expect(agent.calls).toEqual([])
    expect(t.peerCalls).toMatchObject([
      {
        text: 'How much?',
        data: { schema: 'aether.turn/v1', data: { hints: { analysts, model: 'gpt-known' } } },
      },
    ])
    const events = parseSse(await (await t.request(`/api/v1/runs/${runIdOf(response)}/events`)).text())
    expect(JSON.stringify(events)).not.toContain('orchestrator')
  })

  test('an unknown language model never fails a request', async () => {
    const t = createTestGateway(database.db, createEchoAgent())
    const response = await t.chat(ask('x', { model: 'no-such-model' }))
    expect(response.status).toBe(200)
    expect(response.headers.get('x-aether-model')).toBe('test-model')
    expect((await json(response)).model).toBe('no-such-model')
  })

  test('voice clients get short answers, tools and images of the client a warning', async () => {
    const agent = createEchoAgent()
    const t = createTestGateway(database.db, agent)
    const response = await t.chat({
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Lights?' },
            { type: 'image_url', image_url: { url: 'data:,' } },
          ],
        },
      ],
      tools: [{ type: 'function', function: { name: 'HassTurnOn' } }],
      max_tokens: 150,
      response_format: { type: 'json_object' },
    })
    expect(response.status).toBe(200)
    expect(response.headers.get('x-aether-warning')).toBe('images_ignored, tools_ignored')
    expect(agent.calls[0]?.turn).toMatchObject({
      messages: [{ role: 'user', content: 'Lights?' }],
      hints: { brief: true, maxTokens: 150, responseFormat: { type: 'json_object' } },
    })
  })

  test('the stored turn is dropped when the run has ended', async () => {
    const t = createTestGateway(database.db, createEchoAgent())
    const response = await t.chat(ask('x'))
    const row = await readRun(database.db, { runId: runIdOf(response), owner: 'key_alice' })
    expect(row.turn).toBeNull()
  })
})

describe('paths', () => {
  test.each(['/v1/chat/completions', '/api/v1/chat/completions/', '/v1/chat/completions/'])(
    '%s',
    async (path) => {
      const t = createTestGateway(database.db, createEchoAgent())
      expect((await t.request(path, { method: 'POST', json: ask('x') })).status).toBe(200)
    },
  )

  test.each(['x-api-key', 'api-key'])('the key in %s, beside a stale bearer', async (header) => {
    const t = createTestGateway(database.db, createEchoAgent())
    const headers = { [header]: KEY, authorization: 'Bearer stale' }
    expect((await t.chat(ask('x'), { headers })).status).toBe(200)
  })
})
