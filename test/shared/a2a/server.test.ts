import { Role, type StreamResponse, TaskState } from '@a2a-js/sdk'
import { type Client, ClientFactory, JsonRpcTransportFactory, RestTransportFactory } from '@a2a-js/sdk/client'
import { describe, expect, test } from 'vitest'
import { type Harness, result, scriptedAgent, URL_OF_AGENT } from './scripted-agent.ts'

const message = (text: string, messageId: string = crypto.randomUUID(), given = {}) => ({
  tenant: '',
  message: {
    messageId,
    contextId: '',
    taskId: '',
    role: Role.ROLE_USER,
    parts: [
      { content: { $case: 'text' as const, value: text }, metadata: undefined, filename: '', mediaType: '' },
    ],
    metadata: undefined,
    extensions: [],
    referenceTaskIds: [],
    ...given,
  },
  configuration: undefined,
  metadata: undefined,
})

/** The SDK's own client, which knows nothing of our headers, over the app. */
async function sdkClient(agent: Harness, binding: 'JSONRPC' | 'HTTP+JSON'): Promise<Client> {
  const bearer = await agent.token('anna')
  const fetchImpl = async (input: string | URL | Request, init?: RequestInit) => {
    const request = new Request(input, init)
    request.headers.set('authorization', `Bearer ${bearer}`)
    return agent.app.fetch(request)
  }
  const factory = new ClientFactory({
    transports: [
      binding === 'JSONRPC'
        ? new JsonRpcTransportFactory({ fetchImpl })
        : new RestTransportFactory({ fetchImpl }),
    ],
  })
  const card = await agent.app.request('/.well-known/agent-card.json')
  const { AgentCard } = await import('@a2a-js/sdk')
  return factory.createFromAgentCard(AgentCard.fromJSON(await card.json()))
}

const greeter = () =>
  scriptedAgent(async function* (input) {
    yield { kind: 'status', text: 'reading' }
    yield { kind: 'text', delta: 'Hello ', offset: 0 }
    yield { kind: 'text', delta: input.text, offset: 6 }
    yield { kind: 'output', schema: 'aether.finding/v1', data: { id: 'fnd_1' } }
    yield result(`Hello ${input.text}`)
  })

const textOf = (event: StreamResponse): string => {
  if (event.payload?.$case !== 'artifactUpdate') return ''
  const [part] = event.payload.value.artifact?.parts ?? []
  return part?.content?.$case === 'text' ? part.content.value : ''
}

describe.each(['JSONRPC', 'HTTP+JSON'] as const)('the SDK client over %s', (binding) => {
  test('a message is answered with the finished task', async () => {
    const client = await sdkClient(greeter(), binding)
    const task = await client.sendMessage(message('you'))
    if (!('status' in task)) throw new Error('a task was expected')
    expect(task.status?.state).toBe(TaskState.TASK_STATE_COMPLETED)
    expect(task.artifacts.map(({ name }) => name).sort()).toEqual(['aether.finding/v1', 'answer'])
    expect(task.history).toHaveLength(1)
    expect(await client.getTask({ tenant: '', id: task.id })).toEqual(task)
    const { tasks, totalSize } = await client.listTasks({
      tenant: '',
      contextId: '',
      status: 0,
      pageToken: '',
      statusTimestampAfter: undefined,
      includeArtifacts: true,
    })
    expect(totalSize).toBe(1)
    expect(tasks).toEqual([task])
  })

  test('a stream is the task, then its changes, and closes at the end', async () => {
    const client = await sdkClient(greeter(), binding)
    const events: StreamResponse[] = []
    for await (const event of client.sendMessageStream(message('you'))) events.push(event)
    expect(events[0]?.payload?.$case).toBe('task')
    expect(events.slice(1).every(({ payload }) => payload?.$case !== 'task')).toBe(true)
    const pieces = events.filter(
      ({ payload }) => payload?.$case === 'artifactUpdate' && !payload.value.lastChunk,
    )
    expect(pieces.map(textOf).join('')).toBe('Hello you')
    const whole = events.find(
      ({ payload }) =>
        payload?.$case === 'artifactUpdate' &&
        payload.value.lastChunk &&
        payload.value.artifact?.name === 'answer',
    )
    expect(whole && textOf(whole)).toBe('Hello you')
    const last = events.at(-1)?.payload
    expect(last?.$case === 'statusUpdate' && last.value.status?.state).toBe(TaskState.TASK_STATE_COMPLETED)
  })

  test('a foreign client that leaves cancels nothing; it may come back', async () => {
    const gate = Promise.withResolvers<void>()
    const agent = scriptedAgent(async function* () {
      yield { kind: 'text', delta: 'begun', offset: 0 }
      await gate.promise
      yield { kind: 'status', text: 'more' }
      yield result('begun')
    })
    const client = await sdkClient(agent, binding)
    let id = ''
    for await (const { payload } of client.sendMessageStream(message('x'))) {
      if (payload?.$case === 'task') id = payload.value.id
      if (payload?.$case === 'artifactUpdate') break
    }
    const back = client.resubscribeTask({ tenant: '', id })[Symbol.asyncIterator]()
    const first = (await back.next()).value?.payload
    expect(first?.$case === 'task' && first.value.artifacts).toMatchObject([
      { artifactId: 'answer', parts: [{ content: { value: 'begun' } }] },
    ])
    gate.resolve()
    const rest: StreamResponse[] = []
    for (let next = await back.next(); !next.done; next = await back.next()) rest.push(next.value)
    expect(rest.map(({ payload }) => payload?.$case)).toEqual([
      'statusUpdate',
      'artifactUpdate',
      'statusUpdate',
    ])
    const task = await client.getTask({ tenant: '', id })
    expect(task.status?.state).toBe(TaskState.TASK_STATE_COMPLETED)
    await expect(client.resubscribeTask({ tenant: '', id }).next()).rejects.toThrow(/ended/)
  })

  test('a cancel ends the run and every stream of it; a second one is refused', async () => {
    let aborted = false
    const agent = scriptedAgent(async function* (_input, call) {
      call.signal.addEventListener('abort', () => {
        aborted = true
      })
      yield { kind: 'text', delta: 'half', offset: 0 }
      await new Promise(() => {})
      yield result('never')
    })
    const client = await sdkClient(agent, binding)
    const events: StreamResponse[] = []
    let cancelled: Promise<unknown> | undefined
    for await (const event of client.sendMessageStream(message('x'))) {
      events.push(event)
      const { payload } = event
      if (payload?.$case === 'artifactUpdate')
        cancelled ??= client.cancelTask({ tenant: '', id: payload.value.taskId, metadata: undefined })
    }
    expect(await cancelled).toMatchObject({ status: { state: TaskState.TASK_STATE_CANCELED } })
    expect(aborted).toBe(true)
    const last = events.at(-1)?.payload
    expect(last?.$case === 'statusUpdate' && last.value.status?.state).toBe(TaskState.TASK_STATE_CANCELED)
    const id = last?.$case === 'statusUpdate' ? last.value.taskId : ''
    const task = await client.getTask({ tenant: '', id })
    expect(task.artifacts).toMatchObject([{ artifactId: 'answer', parts: [{ content: { value: 'half' } }] }])
    await expect(client.cancelTask({ tenant: '', id, metadata: undefined })).rejects.toThrow(/ended/)
  })

  test('an unknown task is not found, with the error the SDK knows', async () => {
    const client = await sdkClient(greeter(), binding)
    await expect(client.getTask({ tenant: '', id: 'task_nope' })).rejects.toMatchObject({
      reason: 'TASK_NOT_FOUND',
    })
    await expect(
      client.cancelTask({ tenant: '', id: 'task_nope', metadata: undefined }),
    ).rejects.toMatchObject({ reason: 'TASK_NOT_FOUND' })
  })

  test('the same message is the same task; another under its id is refused', async () => {
    const client = await sdkClient(greeter(), binding)
    const first = await client.sendMessage(message('you', 'msg-1'))
    expect(await client.sendMessage(message('you', 'msg-1'))).toEqual(first)
    await expect(client.sendMessage(message('him', 'msg-1'))).rejects.toThrow(/messageId/)
  })

  test('a failed run is a failed task with the typed error', async () => {
    const agent = scriptedAgent(async function* () {
      yield { kind: 'error', code: 'home_unavailable', message: 'no home', retryable: true }
    })
    const task = await (await sdkClient(agent, binding)).sendMessage(message('x'))
    if (!('status' in task)) throw new Error('a task was expected')
    expect(task.status?.state).toBe(TaskState.TASK_STATE_FAILED)
    expect(task.status?.message?.parts[0]?.content?.value).toMatchObject({
      schema: 'aether.event/v1',
      event: { kind: 'error', code: 'home_unavailable' },
    })
  })

  test('returnImmediately gives the task while it works', async () => {
    const gate = Promise.withResolvers<void>()
    const agent = scriptedAgent(async function* () {
      await gate.promise
      yield result('x')
    })
    const client = await sdkClient(agent, binding)
    const configuration = {
      acceptedOutputModes: [],
      taskPushNotificationConfig: undefined,
      returnImmediately: true,
    }
    const task = await client.sendMessage({ ...message('x'), configuration })
    if (!('status' in task)) throw new Error('a task was expected')
    expect(task.status?.state).toBe(TaskState.TASK_STATE_WORKING)
    gate.resolve()
    await agent.idle()
    expect((await client.getTask({ tenant: '', id: task.id })).status?.state).toBe(
      TaskState.TASK_STATE_COMPLETED,
    )
  })
})

test('one owner does not see, cancel or follow the tasks of another', async () => {
  const agent = greeter()
  const client = await sdkClient(agent, 'JSONRPC')
  const task = await client.sendMessage(message('you'))
  const id = 'id' in task ? task.id : ''
  const authorization = `Bearer ${await agent.token('ben')}`
  const get = (path: string, method = 'GET') =>
    agent.app.request(path, { method, headers: { authorization } })
  for (const [path, method] of [
    [`/tasks/${id}`, 'GET'],
    [`/tasks/${id}:cancel`, 'POST'],
    [`/tasks/${id}:subscribe`, 'GET'],
  ] as const)
    expect((await get(path, method)).status).toBe(404)
  expect(await (await get('/tasks')).json()).toEqual({
    tasks: [],
    nextPageToken: '',
    pageSize: 50,
    totalSize: 0,
  })
})

test('a slow reader does not slow the run, and misses nothing', async () => {
  let finished = false
  const agent = scriptedAgent(async function* () {
    for (let i = 0; i < 300; i++) yield { kind: 'status', text: String(i) }
    finished = true
    yield result('x')
  })
  const response = await agent.app.request(`${URL_OF_AGENT}/message:stream`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await agent.token()}`, 'content-type': 'application/json' },
    body: JSON.stringify({ message: { messageId: 'm', role: 'ROLE_USER', parts: [{ text: 'x' }] } }),
  })
  await agent.idle()
  expect(finished).toBe(true)
  const text = await response.text()
  expect(text.match(/TASK_STATE_WORKING/g)).toHaveLength(301)
  expect(text).toContain('TASK_STATE_COMPLETED')
})

test('one line a call is logged, a stream when it ends', async () => {
  const agent = greeter()
  const client = await sdkClient(agent, 'JSONRPC')
  for await (const _ of client.sendMessageStream(message('you')));
  await Promise.resolve()
  expect(agent.lines.filter(({ route }) => route === '/')).toMatchObject([
    { status: 200, rpc: 'SendStreamingMessage', user: 'anna', actor: 'architect' },
  ])
})
