import { describe, expect, test } from 'vitest'
import { jsonOf } from './scripted-agent.ts'
import { eventsOf, tckAgent } from './tck-harness.ts'

const agent = tckAgent()
/** A call as clients of 0.3 make it: without a version. */
const call = (method: string, params: unknown, user = 'anna') =>
  agent.rpc(method, params, { version: null, user })
const message = (script: string, given: Record<string, unknown> = {}) => ({
  message: {
    kind: 'message',
    messageId: `${script}-${crypto.randomUUID()}`,
    role: 'user',
    parts: [{ kind: 'text', text: 'hi' }],
    ...given,
  },
})

describe('a caller of protocol 0.3', () => {
  test('sends a message and gets a task of that protocol', async () => {
    const { result } = await jsonOf(call('message/send', message('tck-artifact-text')))
    expect(result).toMatchObject({
      kind: 'task',
      status: { state: 'completed' },
      artifacts: [{ parts: [{ kind: 'text', text: 'Generated text content' }] }],
    })
    const again = await jsonOf(call('tasks/get', { id: result.id }))
    expect(again.result).toMatchObject({ kind: 'task', id: result.id, status: { state: 'completed' } })
  })

  test('gets a message where there is no task', async () => {
    const { result } = await jsonOf(call('message/send', message('tck-message-response')))
    expect(result).toMatchObject({
      kind: 'message',
      role: 'agent',
      parts: [{ kind: 'text', text: 'Direct message response' }],
    })
  })

  test('reads a stream: the task, then its updates, the last one final', async () => {
    const response = await call('message/stream', message('tck-stream-001'))
    expect(response.headers.get('content-type')).toContain('text/event-stream')
    const events = (await eventsOf(response)).map(({ result }) => (result ?? {}) as Record<string, unknown>)
    expect(events.map(({ kind }) => kind)).toEqual([
      'task',
      'status-update',
      'artifact-update',
      'status-update',
    ])
    expect(events.at(-1)).toMatchObject({ final: true, status: { state: 'completed' } })
  })

  test('answers a task that waits, and cancels one', async () => {
    const { result: waiting } = await jsonOf(call('message/send', message('tck-input-required')))
    expect(waiting.status.state).toBe('input-required')
    const { result: done } = await jsonOf(
      call('message/send', message('tck-complete-task', { taskId: waiting.id })),
    )
    expect(done).toMatchObject({ id: waiting.id, status: { state: 'completed' } })
    const { result: other } = await jsonOf(call('message/send', message('tck-input-required')))
    const { result: cancelled } = await jsonOf(call('tasks/cancel', { id: other.id }))
    expect(cancelled.status.state).toBe('canceled')
  })

  test.each<[string, string, unknown, number]>([
    ['an unknown task', 'tasks/get', { id: 'task_none' }, -32001],
    ['an unknown task to follow', 'tasks/resubscribe', { id: 'task_none' }, -32001],
    ['push notifications that are off', 'tasks/pushNotificationConfig/list', { id: 'task_none' }, -32003],
    ['an unknown method', 'tasks/none', {}, -32601],
    ['a message without parts', 'message/send', message('x', { parts: [] }), -32602],
    ['an extended card that is not there', 'agent/getAuthenticatedExtendedCard', {}, -32004],
  ])('learns of %s by its code', async (_name, method, params, code) => {
    const response = await call(method, params)
    expect(response.status).toBe(200)
    expect((await jsonOf(response)).error.code).toBe(code)
  })

  test('does not see what is another user’s', async () => {
    const { result } = await jsonOf(call('message/send', message('tck-complete-task')))
    expect((await jsonOf(call('tasks/get', { id: result.id }, 'ben'))).error.code).toBe(-32001)
  })
})

test('where the card does not list 0.3 its calls are refused by version', async () => {
  const strict = tckAgent({ card: { legacy: false } })
  const response = await strict.rpc('message/send', message('x'), { version: null })
  expect((await jsonOf(response)).error.code).toBe(-32009)
})
