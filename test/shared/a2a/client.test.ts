import { expect, test } from 'vitest'
import { createPeer } from '../../../shared/a2a/client.ts'
import type { AgentYield } from '../../../shared/domain/event.ts'
import { AetherError, toAetherError } from '../../../shared/errors/aether-error.ts'
import type { Fetch } from '../../../shared/http/fetch.ts'
import { dataFrame, eventFrame, sseResponse } from '../../../shared/http/sse-writer.ts'
import { traceIdOf } from '../../../shared/http/trace-context.ts'
import { callContext, collect, result, scriptedAgent, URL_OF_AGENT } from './scripted-agent.ts'

/** A peer over answers made by hand. */
function peerOver(fetch: Fetch, given = {}) {
  return createPeer({
    service: 'ds_analysts',
    url: 'http://peer.test',
    fetch,
    token: async () => 'token',
    now: () => Date.now(),
    newId: () => 'id',
    ...given,
  })
}

function streamOf(...frames: string[]): Fetch {
  return async () =>
    sseResponse(
      (async function* () {
        yield* frames
      })(),
    )
}
const frame = (payload: unknown) => dataFrame(JSON.stringify({ jsonrpc: '2.0', id: 1, result: payload }))

test('what the agent yields arrives in order, each event with its origin, text contiguous', async () => {
  const agent = scriptedAgent(async function* (input) {
    yield { kind: 'status', text: 'reading' }
    yield { kind: 'text', delta: 'Hello ', offset: 0 }
    yield {
      kind: 'usage',
      service: 'ds_analysts',
      model: 'm',
      promptTokens: 1,
      completionTokens: 1,
      totalTokens: 2,
      origin: 'ds_analysts',
    }
    yield { kind: 'text', delta: 'you', offset: 6 }
    yield {
      kind: 'output',
      schema: 'aether.analysis/v1',
      data: { got: input.data.get('aether.question/v1') },
    }
    yield { kind: 'result', text: 'Hello you', analysisIds: ['ana_1'] }
  })
  const message = { text: 'hi', data: { schema: 'aether.question/v1', data: { run_id: 'run_1' } } }
  const origin = 'ds_orchestrator'
  expect(await collect(agent.peer().call(message, callContext()))).toEqual([
    { kind: 'status', text: 'reading', origin },
    { kind: 'text', delta: 'Hello ', offset: 0, origin },
    {
      kind: 'usage',
      service: 'ds_analysts',
      model: 'm',
      promptTokens: 1,
      completionTokens: 1,
      totalTokens: 2,
      origin: 'ds_analysts',
    },
    { kind: 'text', delta: 'you', offset: 6, origin },
    { kind: 'output', schema: 'aether.analysis/v1', data: { got: { run_id: 'run_1' } } },
    { kind: 'result', text: 'Hello you', analysisIds: ['ana_1'], origin },
  ])
})

test('two hops keep the first origin', async () => {
  const inner = scriptedAgent(async function* () {
    yield { kind: 'status', text: 'deep', origin: 'ds_analysts' }
    yield result('x')
  })
  const outer = scriptedAgent(async function* (_input, call) {
    yield* inner.peer().call({ text: 'on' }, { ...call, messageId: `${call.messageId}.1` })
  })
  const events = await collect(outer.peer().call({ text: 'go' }, callContext()))
  expect(events[0]).toMatchObject({ kind: 'status', origin: 'ds_analysts' })
})

test('user, budget, trace and message id reach the agent; the trace goes on in a span of its own', async () => {
  let seen: Parameters<Parameters<typeof scriptedAgent>[0]>[1] | undefined
  const agent = scriptedAgent(async function* (_input, call) {
    seen = call
    yield result('x')
  })
  const deadline = Date.now() + 5_000
  const context = callContext({ user: 'anna', deadline, messageId: 'msg-7' })
  await collect(agent.peer().call({ text: 'hi' }, context))
  expect(seen?.user).toBe('anna')
  expect(seen?.messageId).toBe('msg-7')
  expect(seen?.deadline).toBeLessThanOrEqual(deadline + 50)
  expect(seen?.deadline).toBeGreaterThan(deadline - 4_000)
  expect(traceIdOf(seen?.traceparent)).toBe(traceIdOf(context.traceparent))
  expect(seen?.traceparent).toBe(context.traceparent)
})

test('the request says version, budget and that leaving means cancel, and asks for nothing before', async () => {
  const requests: Request[] = []
  const fetch: Fetch = async (request) => {
    requests.push(request)
    return streamOf(frame({ statusUpdate: { status: { state: 'TASK_STATE_COMPLETED' } } }))(request)
  }
  await collect(peerOver(fetch).call({ text: 'hi' }, callContext({ messageId: 'msg-1' })))
  expect(requests).toHaveLength(1)
  const [request] = requests
  expect(request?.headers.get('a2a-version')).toBe('1.0')
  expect(request?.headers.get('authorization')).toBe('Bearer token')
  expect(request?.headers.get('aether-cancel-on-disconnect')).toBe('1')
  expect(Number(request?.headers.get('aether-deadline-ms'))).toBeGreaterThan(59_000)
  expect(await request?.json()).toMatchObject({
    jsonrpc: '2.0',
    method: 'SendStreamingMessage',
    params: {
      message: { messageId: 'msg-1', role: 'ROLE_USER', parts: [{ text: 'hi' }] },
      configuration: { historyLength: 0 },
    },
  })
})

test.each(['plain', 'größer ≥ 20 °C', '😀 and half of it: \ud83d', '\u0000\u007f\u0080\u07ff\u0800\uffff'])(
  'the declared length is the one of the bytes: %j',
  async (text) => {
    const sent: Request[] = []
    const fetch: Fetch = async (request) => {
      sent.push(request)
      return streamOf(frame({ statusUpdate: { status: { state: 'TASK_STATE_COMPLETED' } } }))(request)
    }
    await collect(peerOver(fetch).call({ text }, callContext()))
    const bytes = await sent[0]?.arrayBuffer()
    expect(sent[0]?.headers.get('content-length')).toBe(String(bytes?.byteLength))
  },
)

test.each<[string, AgentYield | Error, object]>([
  [
    'yields an error',
    { kind: 'error', code: 'home_unavailable', message: 'no home', retryable: true },
    { code: 'HOME_UNAVAILABLE', message: 'no home' },
  ],
  [
    'throws a typed error',
    new AetherError('LLM_UNAVAILABLE', 'no model'),
    { code: 'LLM_UNAVAILABLE', message: 'no model' },
  ],
  [
    'throws something',
    new TypeError('secret detail'),
    { code: 'INTERNAL', message: expect.not.stringContaining('secret') },
  ],
  ['just ends', { kind: 'status', text: 'bye' }, { code: 'INTERNAL' }],
])('an agent that %s is a typed error here, after what came before', async (_name, end, wanted) => {
  const agent = scriptedAgent(async function* () {
    yield { kind: 'text', delta: 'so far', offset: 0 }
    if (end instanceof Error) throw end
    yield end
  })
  const seen: AgentYield[] = []
  const all = (async () => {
    for await (const item of agent.peer().call({ text: 'hi' }, callContext())) seen.push(item)
  })()
  await expect(all).rejects.toMatchObject(wanted)
  expect(seen[0]).toMatchObject({ kind: 'text', delta: 'so far' })
})

test('a message that the agent refuses is its typed error', async () => {
  const agent = scriptedAgent(
    async function* () {
      yield result('never')
    },
    {
      readInput: () => {
        throw new AetherError('INVALID_INPUT', 'question must be a text.', { details: { param: 'question' } })
      },
    },
  )
  await expect(collect(agent.peer().call({ text: 'hi' }, callContext()))).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    message: 'question must be a text.',
  })
})

test('an abort throws its reason and cancels the agent', async () => {
  let reason: unknown
  const agent = scriptedAgent(async function* (_input, call) {
    call.signal.addEventListener('abort', () => {
      reason = call.signal.reason
    })
    yield { kind: 'status', text: 'long work' }
    await new Promise(() => {})
    yield result('never')
  })
  const controller = new AbortController()
  const why = new AetherError('CANCELLED')
  const all = (async () => {
    for await (const _ of agent.peer().call({ text: 'hi' }, callContext({ signal: controller.signal })))
      controller.abort(why)
  })()
  await expect(all).rejects.toBe(why)
  await agent.idle()
  expect(reason).toMatchObject({ code: 'CANCELLED' })
})

test('leaving the loop cancels the agent', async () => {
  let aborted = false
  const agent = scriptedAgent(async function* (_input, call) {
    call.signal.addEventListener('abort', () => {
      aborted = true
    })
    yield { kind: 'status', text: 'one' }
    await new Promise(() => {})
    yield result('never')
  })
  for await (const _ of agent.peer().call({ text: 'hi' }, callContext())) break
  await agent.idle()
  expect(aborted).toBe(true)
})

test('the deadline ends the call here and at the agent', async () => {
  let reason: unknown
  const agent = scriptedAgent(async function* (_input, call) {
    call.signal.addEventListener('abort', () => {
      reason = call.signal.reason
    })
    yield { kind: 'status', text: 'slow' }
    await new Promise(() => {})
    yield result('never')
  })
  const call = agent.peer().call({ text: 'hi' }, callContext({ deadline: Date.now() + 30 }))
  // Whoever notices first says it: our own timer, or the agent by its typed error.
  await expect(collect(call).catch((thrown) => Promise.reject(toAetherError(thrown)))).rejects.toMatchObject({
    code: 'DEADLINE_EXCEEDED',
  })
  await agent.idle()
  expect(reason).toMatchObject({ name: expect.stringMatching(/TimeoutError|AetherError/) })
})

test('an aborted signal and a passed deadline send nothing', async () => {
  let asked = 0
  const peer = peerOver(async () => {
    asked++
    return new Response()
  })
  const signal = AbortSignal.abort(new Error('before'))
  await expect(collect(peer.call({ text: 'hi' }, callContext({ signal })))).rejects.toThrow('before')
  const late = callContext({ deadline: Date.now() - 1 })
  await expect(collect(peer.call({ text: 'hi' }, late))).rejects.toMatchObject({ name: 'TimeoutError' })
  expect(asked).toBe(0)
})

test('the same message id attaches to the same run', async () => {
  let runs = 0
  const agent = scriptedAgent(async function* () {
    runs++
    yield { kind: 'status', text: 'one' }
    yield { kind: 'text', delta: 'Hello', offset: 0 }
    yield result('Hello')
  })
  const context = callContext({ messageId: 'msg-same' })
  const first = await collect(agent.peer().call({ text: 'hi' }, context))
  const second = await collect(agent.peer().call({ text: 'hi' }, context))
  expect(second).toEqual(first)
  expect(runs).toBe(1)
  await expect(collect(agent.peer().call({ text: 'other' }, context))).rejects.toMatchObject({
    code: 'IDEMPOTENCY_MISMATCH',
  })
})

const working = frame({ statusUpdate: { status: { state: 'TASK_STATE_WORKING' } } })

test.each<[string, Fetch]>([
  [
    'a refused connection',
    async () => {
      throw new TypeError('fetch failed')
    },
  ],
  ['a stream that ends without an end of the task', streamOf(working)],
  ['an event that is cut', streamOf(working, 'data: {"jsonrpc":"2.0","id":1,"res')],
  ['an event that is no JSON', streamOf('data: nonsense\n\n')],
  [
    'a page instead of a stream',
    async () => new Response('<html>', { headers: { 'content-type': 'text/html' } }),
  ],
  ['JSON without an error', async () => Response.json({ jsonrpc: '2.0', id: 1, result: {} })],
  [
    'an unknown error',
    async () => Response.json({ jsonrpc: '2.0', id: 1, error: { code: -32603, message: 'x' } }),
  ],
  [
    'refused credentials',
    async () => Response.json({ error: { code: 'invalid_api_key', message: 'x' } }, { status: 401 }),
  ],
  [
    'a fault within the stream',
    streamOf(working, eventFrame({ event: 'error', data: '{"error":{"code":-32603,"message":"x"}}' })),
  ],
])('%s is AGENT_UNAVAILABLE', async (_name, fetch) => {
  const peer = peerOver(fetch)
  await expect(collect(peer.call({ text: 'hi' }, callContext()))).rejects.toMatchObject({
    code: 'AGENT_UNAVAILABLE',
  })
})

test('a typed fault within the stream, and one of the HTTP layer, keep their code', async () => {
  const data = JSON.stringify({
    error: { code: -32603, message: 'no db', data: [{ reason: 'STORAGE_UNAVAILABLE' }] },
  })
  const within = peerOver(streamOf(working, eventFrame({ event: 'error', data })))
  await expect(collect(within.call({ text: 'hi' }, callContext()))).rejects.toMatchObject({
    code: 'STORAGE_UNAVAILABLE',
  })
  const http = peerOver(async () =>
    Response.json({ error: { code: 'too_large', message: 'big' } }, { status: 413 }),
  )
  await expect(collect(http.call({ text: 'hi' }, callContext()))).rejects.toMatchObject({ code: 'TOO_LARGE' })
})

test('a stream that falls silent is given up', async () => {
  const silent: Fetch = async () =>
    new Response(new ReadableStream({ start: (out) => out.enqueue(new TextEncoder().encode(working)) }), {
      headers: { 'content-type': 'text/event-stream' },
    })
  const peer = peerOver(silent, { idleMs: 20 })
  await expect(collect(peer.call({ text: 'hi' }, callContext()))).rejects.toMatchObject({
    code: 'AGENT_UNAVAILABLE',
    cause: { message: 'the stream is silent' },
  })
})

test('two thousand pieces of text arrive whole and in order', async () => {
  const pieces = Array.from({ length: 2_000 }, (_, i) => `token ${i} `)
  const agent = scriptedAgent(async function* () {
    let offset = 0
    for (const delta of pieces) {
      yield { kind: 'text', delta, offset }
      offset += delta.length
      if (offset % 7 === 0) yield { kind: 'status', text: String(offset) }
    }
    yield result(pieces.join(''))
  })
  let text = ''
  for await (const item of agent.peer().call({ text: 'hi' }, callContext())) {
    if (item.kind !== 'text') continue
    expect(item.offset).toBe(text.length)
    text += item.delta
  }
  expect(text).toBe(pieces.join(''))
})

test('the url and the app may stand under any path', async () => {
  const agent = scriptedAgent(async function* () {
    yield result('x')
  })
  const events = await collect(agent.peer({ url: `${URL_OF_AGENT}/rpc` }).call({ text: 'hi' }, callContext()))
  expect(events.map(({ kind }) => kind)).toEqual(['result'])
})
