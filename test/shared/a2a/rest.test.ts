import { expect, test } from 'vitest'
import { jsonOf, result, scriptedAgent } from './scripted-agent.ts'

const agent = scriptedAgent(async function* () {
  yield result('Hello')
})

async function send(path: string, method = 'GET', body?: unknown, headers: Record<string, string> = {}) {
  return agent.app.request(path, {
    method,
    headers: {
      authorization: `Bearer ${await agent.token()}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
}
const message = (given = {}) => ({
  message: { messageId: crypto.randomUUID(), role: 'ROLE_USER', parts: [{ text: 'hi' }], ...given },
})
async function makeTask(): Promise<{ id: string; contextId: string }> {
  return (await jsonOf(await send('/message:send', 'POST', message()))).task
}

test('send, get, list and subscribe in the shapes of the binding', async () => {
  const task = await makeTask()
  expect(task).toMatchObject({ status: { state: 'TASK_STATE_COMPLETED' } })
  expect(await jsonOf(await send(`/tasks/${task.id}`))).toEqual(task)
  const { history } = await jsonOf(await send(`/tasks/${task.id}?historyLength=0`))
  expect(history).toBeUndefined()
  const bare = await jsonOf(await send(`/tasks?contextId=${task.contextId}&pageSize=1`))
  expect(bare).toMatchObject({ tasks: [{ id: task.id }], nextPageToken: '', pageSize: 1, totalSize: 1 })
  expect(bare.tasks[0].artifacts).toBeUndefined()
  const full = await jsonOf(await send(`/tasks?contextId=${task.contextId}&includeArtifacts=true`))
  expect(full.tasks[0].artifacts).toHaveLength(1)
  const none = await jsonOf(await send('/tasks?contextId=nothing'))
  expect(none).toEqual({ tasks: [], nextPageToken: '', pageSize: 50, totalSize: 0 })
})

test('a stream is bare stream responses', async () => {
  const response = await send('/message:stream', 'POST', message())
  expect(response.headers.get('content-type')).toContain('text/event-stream')
  const frames = (await response.text())
    .trim()
    .split('\n\n')
    .map((frame) => JSON.parse(frame.replace('data: ', '')))
  expect(Object.keys(frames[0])).toEqual(['task'])
  expect(frames.at(-1).statusUpdate.status.state).toBe('TASK_STATE_COMPLETED')
})

test('a media type of A2A is answered in kind', async () => {
  const asked = await send('/tasks', 'GET', undefined, { accept: 'application/a2a+json' })
  expect(asked.headers.get('content-type')).toBe('application/a2a+json')
  const sent = await send('/message:send', 'POST', message(), { 'content-type': 'application/a2a+json' })
  expect(sent.status).toBe(200)
  expect(sent.headers.get('content-type')).toBe('application/a2a+json')
})

test.each<[string, string, string, unknown, number, string]>([
  ['an unknown task', 'GET', '/tasks/task_nope', undefined, 404, 'TASK_NOT_FOUND'],
  ['cancel of an unknown task', 'POST', '/tasks/task_nope:cancel', undefined, 404, 'TASK_NOT_FOUND'],
  ['subscribe to an unknown task', 'GET', '/tasks/task_nope:subscribe', undefined, 404, 'TASK_NOT_FOUND'],
  ['a bad number', 'GET', '/tasks?pageSize=many', undefined, 400, 'INVALID_INPUT'],
  ['a number out of range', 'GET', '/tasks?pageSize=0', undefined, 400, 'INVALID_INPUT'],
  ['a bad page token', 'GET', '/tasks?pageToken=zzz', undefined, 400, 'INVALID_INPUT'],
  ['a negative history', 'GET', '/tasks/a?historyLength=-1', undefined, 400, 'INVALID_INPUT'],
  ['no JSON', 'POST', '/message:send', '{', 400, 'MALFORMED_JSON'],
  [
    'no parts',
    'POST',
    '/message:send',
    { message: { messageId: 'a', role: 'ROLE_USER' } },
    400,
    'INVALID_INPUT',
  ],
  [
    'a file',
    'POST',
    '/message:send',
    message({ parts: [{ raw: 'aGk=' }] }),
    400,
    'CONTENT_TYPE_NOT_SUPPORTED',
  ],
  [
    'push configuration',
    'GET',
    '/tasks/a/pushNotificationConfigs',
    undefined,
    400,
    'PUSH_NOTIFICATION_NOT_SUPPORTED',
  ],
  ['an extended card', 'GET', '/extendedAgentCard', undefined, 400, 'UNSUPPORTED_OPERATION'],
])('%s', async (_name, method, path, body, status, reason) => {
  const response = await send(path, method, body)
  expect(response.status).toBe(status)
  const { error } = await jsonOf(response)
  expect(error).toMatchObject({
    code: status,
    status: expect.stringMatching(/^[A-Z_]+$/),
    message: expect.any(String),
  })
  expect(error.details[0]).toMatchObject({ reason, domain: 'a2a-protocol.org' })
})

test('a task that has ended is neither cancelled nor followed', async () => {
  const { id } = await makeTask()
  const cancel = await send(`/tasks/${id}:cancel`, 'POST')
  expect([cancel.status, (await jsonOf(cancel)).error.details[0].reason]).toEqual([
    400,
    'TASK_NOT_CANCELABLE',
  ])
  for (const method of ['GET', 'POST']) {
    const follow = await send(`/tasks/${id}:subscribe`, method)
    expect([follow.status, (await jsonOf(follow)).error.details[0].reason]).toEqual([
      400,
      'UNSUPPORTED_OPERATION',
    ])
  }
})

test('another version is refused, another content type too', async () => {
  expect((await send('/tasks', 'GET', undefined, { 'a2a-version': '9.0' })).status).toBe(400)
  expect((await send('/tasks', 'GET', undefined, { 'a2a-version': '1.0.4' })).status).toBe(200)
  const typed = await send('/message:send', 'POST', message(), { 'content-type': 'text/plain' })
  expect(typed.status).toBe(415)
})

test('every route but the card needs a token', async () => {
  for (const [method, path] of [
    ['POST', '/message:send'],
    ['POST', '/message:stream'],
    ['GET', '/tasks'],
    ['GET', '/tasks/a'],
    ['POST', '/tasks/a:cancel'],
    ['GET', '/tasks/a:subscribe'],
    ['GET', '/extendedAgentCard'],
    ['GET', '/tasks/a/pushNotificationConfigs'],
    ['POST', '/'],
    ['POST', '/rpc'],
  ] as const)
    expect([path, (await agent.app.request(path, { method })).status]).toEqual([path, 401])
})
