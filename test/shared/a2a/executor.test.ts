import { Role, type Task, TaskState } from '@a2a-js/sdk'
import { expect, test } from 'vitest'
import { execute } from '../../../shared/a2a/executor.ts'
import { createMemoryTaskStore } from '../../../shared/a2a/memory-task-store.ts'
import { textPart } from '../../../shared/a2a/protocol.ts'
import { createLog } from '../../../shared/config/log.ts'
import type { AgentYield } from '../../../shared/domain/event.ts'
import type { CallContext } from '../../../shared/domain/turn.ts'
import { AetherError } from '../../../shared/errors/aether-error.ts'
import { newTraceparent } from '../../../shared/http/trace-context.ts'
import { result } from './scripted-agent.ts'

const ref = { owner: 'architect:anna', id: 'task_1' }
const now = () => Date.now()

async function setup(
  run: (call: CallContext) => AsyncIterable<AgentYield>,
  deadlineMs: string | null = null,
) {
  const lines: string[] = []
  const tasks = createMemoryTaskStore({ max: 10, now })
  const message = {
    messageId: 'msg_1',
    contextId: '',
    taskId: '',
    role: Role.ROLE_USER,
    parts: [textPart('hi')],
    metadata: undefined,
    extensions: [],
    referenceTaskIds: [],
  }
  await tasks.create({ ...ref, contextId: 'conv_1', message, fingerprint: 'f' })
  const log = createLog({ write: (line) => lines.push(line), level: 'debug', service: 's', now, secrets: [] })
  const deps = {
    service: 'ds_analysts' as const,
    tasks,
    now,
    log,
    maxMs: 60_000,
    run: (_: null, call: CallContext) => run(call),
  }
  const job = {
    ref,
    contextId: 'conv_1',
    generation: 1,
    input: null,
    user: 'anna',
    messageId: 'msg_1',
    traceparent: newTraceparent(),
    deadlineMs,
  }
  const work = execute(deps, job)
  const ended = async (): Promise<Task> => {
    await work
    const snapshot = await tasks.read(ref)
    if (!snapshot) throw new Error('the task is there')
    return snapshot.task
  }
  return { tasks, ended, lines }
}

const errorOf = (task: Task) => task.status?.message?.parts[0]?.content?.value.event

test('a result completes the task, with text and outputs as artifacts', async () => {
  const { ended } = await setup(async function* () {
    yield { kind: 'text', delta: 'Hello', offset: 0 }
    yield { kind: 'output', schema: 's/v1', data: { a: 1 } }
    yield result('')
    throw new Error('never reached')
  })
  const task = await ended()
  expect(task.status?.state).toBe(TaskState.TASK_STATE_COMPLETED)
  expect(task.artifacts.map(({ name, parts }) => [name, parts[0]?.content?.value])).toEqual([
    ['s/v1', { schema: 's/v1', data: { a: 1 } }],
    ['answer', 'Hello'],
  ])
})

test('the text of the result wins over the pieces', async () => {
  const { ended } = await setup(async function* () {
    yield { kind: 'text', delta: 'Hello ther', offset: 0 }
    yield result('Hello there.')
  })
  expect((await ended()).artifacts[0]?.parts[0]?.content?.value).toBe('Hello there.')
})

test('a typed error fails the task, and keeps the text so far', async () => {
  const { ended, lines } = await setup(async function* () {
    yield { kind: 'text', delta: 'half', offset: 0 }
    throw new AetherError('HOME_UNAVAILABLE', undefined, { cause: new Error('ECONNREFUSED') })
  })
  const task = await ended()
  expect(task.status?.state).toBe(TaskState.TASK_STATE_FAILED)
  expect(errorOf(task)).toMatchObject({ kind: 'error', code: 'home_unavailable', retryable: true })
  expect(task.artifacts[0]?.parts[0]?.content?.value).toBe('half')
  expect(lines.join()).toContain('ECONNREFUSED')
})

test('an agent that ends without result or error has a fault of its own', async () => {
  const { ended, lines } = await setup(async function* () {
    yield { kind: 'status', text: 'bye' }
  })
  expect(errorOf(await ended())).toMatchObject({ code: 'internal' })
  expect(lines.join()).toContain('without a result')
})

test('the deadline of the caller fails a task that does not look at its signal', async () => {
  const { ended } = await setup(async function* () {
    await new Promise(() => {})
    yield result('never')
  }, '20')
  const task = await ended()
  expect(task.status?.state).toBe(TaskState.TASK_STATE_FAILED)
  expect(errorOf(task)).toMatchObject({ code: 'deadline_exceeded' })
})

test('a cancel ends it at once, and aborts the signal', async () => {
  let seen: unknown
  const { tasks, ended } = await setup(async function* (call) {
    call.signal.addEventListener('abort', () => {
      seen = call.signal.reason
    })
    await new Promise(() => {})
    yield result('never')
  })
  await tasks.requestCancel(ref, 'caller')
  expect((await ended()).status?.state).toBe(TaskState.TASK_STATE_CANCELED)
  expect(seen).toMatchObject({ code: 'CANCELLED' })
})

test('an agent that answers a cancel with an error of its own is cancelled all the same', async () => {
  const { tasks, ended } = await setup(async function* (call) {
    await new Promise((_, reject) => {
      call.signal.addEventListener('abort', () => reject(new Error('socket closed')))
    })
    yield result('never')
  })
  await tasks.requestCancel(ref, 'caller')
  expect((await ended()).status?.state).toBe(TaskState.TASK_STATE_CANCELED)
})

test('a task that ended elsewhere is left as it is, and the agent is stopped', async () => {
  const gate = Promise.withResolvers<void>()
  let cleaned = false
  const { tasks, ended } = await setup(async function* () {
    try {
      await gate.promise
      yield { kind: 'status', text: 'late' }
      yield result('too late')
    } finally {
      cleaned = true
    }
  })
  const status = { state: TaskState.TASK_STATE_CANCELED, message: undefined, timestamp: undefined }
  const value = { taskId: 'task_1', contextId: 'conv_1', status, metadata: undefined }
  await tasks.append(ref, 1, [{ $case: 'statusUpdate', value }])
  gate.resolve()
  expect((await ended()).status?.state).toBe(TaskState.TASK_STATE_CANCELED)
  expect(cleaned).toBe(true)
})

test('a store that fails does not throw out of the run, and is told to the log', async () => {
  const { tasks, ended, lines } = await setup(async function* () {
    await Promise.resolve()
    yield { kind: 'status', text: 'x' }
    yield result('x')
  })
  tasks.append = async () => {
    throw new Error('disk full')
  }
  await ended()
  expect(lines.join()).toContain('task could not be ended')
  expect(lines.join()).toContain('disk full')
})
