import { describe, expect, test } from 'vitest'
import { jsonOf } from './scripted-agent.ts'
import { eventsOf, messageOf, tckAgent } from './tck-harness.ts'

const CARD = '/.well-known/agent-card.json'
const bare = tckAgent({ streaming: false })
const streaming = tckAgent()

describe('an agent that neither streams nor sends push notifications', () => {
  test('says so on its card', async () => {
    const { capabilities } = await jsonOf(bare.app.request(CARD))
    expect(capabilities).toMatchObject({
      streaming: false,
      pushNotifications: false,
      extendedAgentCard: false,
    })
  })

  // Nothing of a call is looked at before: neither is there such a task, nor are these parameters any.
  test.each([
    ['SendStreamingMessage', -32004, 'UNSUPPORTED_OPERATION'],
    ['SubscribeToTask', -32004, 'UNSUPPORTED_OPERATION'],
    ['CreateTaskPushNotificationConfig', -32003, 'PUSH_NOTIFICATION_NOT_SUPPORTED'],
    ['GetTaskPushNotificationConfig', -32003, 'PUSH_NOTIFICATION_NOT_SUPPORTED'],
    ['ListTaskPushNotificationConfigs', -32003, 'PUSH_NOTIFICATION_NOT_SUPPORTED'],
    ['DeleteTaskPushNotificationConfig', -32003, 'PUSH_NOTIFICATION_NOT_SUPPORTED'],
  ])('refuses %s over JSON-RPC with a plain answer', async (method, code, reason) => {
    const response = await bare.rpc(method, {})
    expect(response.headers.get('content-type')).toContain('application/json')
    const { error } = await jsonOf(response)
    expect(error).toMatchObject({ code, data: [{ reason }] })
  })

  test.each([
    ['POST', '/message:stream', 'UNSUPPORTED_OPERATION'],
    ['GET', '/tasks/none:subscribe', 'UNSUPPORTED_OPERATION'],
    ['POST', '/tasks/none:subscribe', 'UNSUPPORTED_OPERATION'],
    ['POST', '/tasks/none/pushNotificationConfigs', 'PUSH_NOTIFICATION_NOT_SUPPORTED'],
    ['GET', '/tasks/none/pushNotificationConfigs', 'PUSH_NOTIFICATION_NOT_SUPPORTED'],
    ['GET', '/tasks/none/pushNotificationConfigs/one', 'PUSH_NOTIFICATION_NOT_SUPPORTED'],
    ['DELETE', '/tasks/none/pushNotificationConfigs/one', 'PUSH_NOTIFICATION_NOT_SUPPORTED'],
  ])('refuses %s %s over HTTP+JSON with a plain answer', async (method, path, reason) => {
    const response = await bare.request(path, { method, ...(method === 'POST' ? { body: {} } : {}) })
    expect(response.status).toBe(400)
    expect(response.headers.get('content-type')).toContain('application/json')
    expect((await jsonOf(response)).error).toMatchObject({ code: 400, details: [{ reason }] })
  })

  test.each([
    ['message/stream', { message: { kind: 'message', messageId: 'm', role: 'user', parts: [] } }],
    ['tasks/resubscribe', { id: 'none' }],
  ])('refuses %s of 0.3', async (method, params) => {
    const { error } = await jsonOf(bare.rpc(method, params, { version: '0.3' }))
    expect(error.code).toBe(-32004)
  })

  test('serves a message all the same', async () => {
    const { result } = await jsonOf(bare.rpc('SendMessage', { message: messageOf('tck-complete-task') }))
    expect(result.task.status.state).toBe('TASK_STATE_COMPLETED')
  })
})

test('an agent that streams says so, and does', async () => {
  const { capabilities } = await jsonOf(streaming.app.request(CARD))
  expect(capabilities.streaming).toBe(true)
  const message = messageOf('tck-stream-001')
  const events = await eventsOf(await streaming.request('/message:stream', { body: { message } }))
  expect(events.length).toBeGreaterThan(2)
})
