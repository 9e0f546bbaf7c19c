import { expect, test } from 'vitest'
import { type Harness, jsonOf, result, scriptedAgent } from './scripted-agent.ts'

let runs = 0
const agent = scriptedAgent(async function* () {
  runs++
  yield result('x')
})

async function post(
  body: unknown,
  given: { headers?: Record<string, string>; path?: string; on?: Harness } = {},
) {
  const { headers = {}, path = '/', on = agent } = given
  return on.app.request(path, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${await agent.token()}`,
      'content-type': 'application/json',
      'a2a-version': '1.0',
      ...headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
}
const call = (method: string, params?: unknown, id: unknown = 1) => ({ jsonrpc: '2.0', id, method, params })
const message = (given = {}) => ({
  message: { messageId: crypto.randomUUID(), role: 'ROLE_USER', parts: [{ text: 'hi' }], ...given },
})

test.each(['/', '/rpc', '/rpc/'])('calls are taken at %s', async (path) => {
  const answer = await jsonOf(await post(call('SendMessage', message()), { path }))
  expect(answer).toMatchObject({
    jsonrpc: '2.0',
    id: 1,
    result: { task: { status: { state: 'TASK_STATE_COMPLETED' } } },
  })
})

test.each<[string, unknown, number, unknown]>([
  ['no JSON', '{"jsonrpc":"2.0","id":7,', -32700, null],
  ['a text', '"hi"', -32600, null],
  ['a batch', [call('GetTask', { id: 'a' })], -32600, null],
  ['no version of JSON-RPC', { id: 'a', method: 'GetTask' }, -32600, 'a'],
  ['another one', { ...call('GetTask'), jsonrpc: '1.0' }, -32600, 1],
  ['no method', { jsonrpc: '2.0', id: 1 }, -32600, 1],
  ['an id that is an object', call('GetTask', { id: 'a' }, {}), -32600, null],
  ['an unknown method', call('DoMagic', {}), -32601, 1],
  ['a method of the prototype', call('constructor', {}), -32601, 1],
  ['params that are missing', call('GetTask'), -32602, 1],
  ['an unknown task', call('GetTask', { id: 'task_nope' }), -32001, 1],
  ['push configuration', call('ListTaskPushNotificationConfigs', { taskId: 'a' }), -32003, 1],
  ['an extended card', call('GetExtendedAgentCard'), -32004, 1],
  ['a file part', call('SendMessage', message({ parts: [{ raw: 'aGk=' }] })), -32005, 1],
])('%s is answered by HTTP 200 and the right code', async (_name, body, code, id) => {
  const response = await post(body)
  expect(response.status).toBe(200)
  expect(await jsonOf(response)).toMatchObject({
    jsonrpc: '2.0',
    id,
    error: { code, message: expect.any(String) },
  })
})

test('a bad field is named by path, without its value', async () => {
  const text = await (await post(call('SendMessage', message({ role: 'private-role' })))).text()
  const { error } = JSON.parse(text)
  expect(error.code).toBe(-32602)
  expect(error.data[0]).toMatchObject({ reason: 'INVALID_INPUT', domain: 'a2a-protocol.org' })
  expect(error.data[1].fieldViolations[0].field).toBe('message.role')
  expect(text).not.toContain('private-role')
})

test('errors of A2A carry their ErrorInfo', async () => {
  const { error } = await jsonOf(await post(call('GetTask', { id: 'task_nope' })))
  expect(error.data[0]).toMatchObject({
    '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
    reason: 'TASK_NOT_FOUND',
    domain: 'a2a-protocol.org',
  })
})

test.each([
  ['1.0', true],
  ['1.0.1', true],
  ['', true],
  ['2.0', false],
  ['nonsense', false],
])('version %j', async (version, taken) => {
  const answer = await jsonOf(
    await post(call('SendMessage', message()), { headers: { 'a2a-version': version } }),
  )
  if (taken) expect(answer.result).toBeDefined()
  else expect(answer.error.code).toBe(-32009)
})

test('another content type is -32005 by HTTP 200', async () => {
  const response = await post(call('SendMessage', message()), { headers: { 'content-type': 'text/plain' } })
  expect(response.status).toBe(200)
  expect((await jsonOf(response)).error.code).toBe(-32005)
})

test('a notification gets no answer and no work done', async () => {
  const before = runs
  const response = await post({ jsonrpc: '2.0', method: 'SendMessage', params: message() })
  expect(response.status).toBe(204)
  expect(await response.text()).toBe('')
  expect(runs).toBe(before)
})

test('without a token, or with one for another service, it is 401 by HTTP', async () => {
  for (const authorization of ['', 'Bearer nonsense']) {
    const response = await post(call('SendMessage', message()), { headers: { authorization } })
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toBe('Bearer')
  }
})

test('a fault before the first event of a stream is a plain error', async () => {
  const response = await post(call('SendStreamingMessage', message({ taskId: 'task_nope' })))
  expect(response.headers.get('content-type')).toContain('application/json')
  expect((await jsonOf(response)).error.code).toBe(-32001)
})

test('a message for a task that is there is refused by what is known of it', async () => {
  const { result: answer } = await jsonOf(await post(call('SendMessage', message())))
  const { id: taskId, contextId } = answer.task
  const codeOf = async (given: object) =>
    (await jsonOf(await post(call('SendMessage', message(given))))).error.code
  expect(await codeOf({ taskId })).toBe(-32004)
  expect(await codeOf({ taskId, contextId })).toBe(-32004)
  expect(await codeOf({ taskId, contextId: 'another' })).toBe(-32602)
})

test('a context that the client names is kept, else one is made', async () => {
  const named = await jsonOf(await post(call('SendMessage', message({ contextId: 'ctx-1' }))))
  expect(named.result.task.contextId).toBe('ctx-1')
  const made = await jsonOf(await post(call('SendMessage', message())))
  expect(made.result.task.contextId).toMatch(/^conv_/)
})

test('historyLength 0 leaves the history out', async () => {
  const params = { ...message(), configuration: { historyLength: 0 } }
  const { result: answer } = await jsonOf(await post(call('SendMessage', params)))
  expect(answer.task.history).toBeUndefined()
})

test('what the store throws is INTERNAL: generic for the caller, with its cause in the log', async () => {
  const broken = scriptedAgent(async function* () {
    yield result('x')
  })
  broken.tasks.create = async () => {
    throw new Error('relation a2a_tasks does not exist')
  }
  for (const method of ['SendMessage', 'SendStreamingMessage']) {
    const text = await (await post(call(method, message()), { on: broken })).text()
    expect(JSON.parse(text).error).toMatchObject({ code: -32603, data: [{ reason: 'INTERNAL' }] })
    expect(text).not.toContain('a2a_tasks')
  }
  expect(JSON.stringify(broken.lines.filter(({ level }) => level === 'error'))).toContain('a2a_tasks')
})

test('a fault within a stream is an error event, then the end', async () => {
  const broken = scriptedAgent(async function* () {
    yield result('x')
  })
  const { open } = broken.tasks
  broken.tasks.open = async (...args) => {
    const stream = await open(...args)
    if (!stream) return null
    async function* items(): AsyncGenerator<never[]> {
      yield []
      throw new Error('connection to the database lost')
    }
    return { ...stream, items: items() }
  }
  const text = await (await post(call('SendStreamingMessage', message()), { on: broken })).text()
  const frames = text.trim().split('\n\n')
  expect(frames).toHaveLength(2)
  expect(frames[1]).toMatch(/^event: error\ndata: \{/)
  expect(frames[1]).toContain('INTERNAL')
  expect(text).not.toContain('database')
})

test.each(['within', 'beside'])(
  'a caller who leaves, the signal %s the request, is answered with the task as it stands',
  async (place) => {
    const started = Promise.withResolvers<void>()
    const slow = scriptedAgent(async function* (_, { signal }) {
      started.resolve()
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
      yield result('late')
    })
    const leaving = new AbortController()
    const { signal } = leaving
    const request = new Request('http://agent.test/', {
      method: 'POST',
      headers: { authorization: `Bearer ${await slow.token()}`, 'content-type': 'application/json' },
      body: JSON.stringify(call('SendMessage', message())),
      ...(place === 'within' ? { signal } : {}),
    })
    const answer = slow.app.fetch(request, place === 'beside' ? { signal } : {})
    await started.promise
    leaving.abort()
    expect(await jsonOf(await answer)).toMatchObject({
      result: { task: { status: { state: 'TASK_STATE_WORKING' } } },
    })
  },
)
