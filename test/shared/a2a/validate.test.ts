import { expect, test } from 'vitest'
import { checkParams } from '../../../shared/a2a/validate.ts'

const good = { messageId: 'm-1', role: 'ROLE_USER', parts: [{ text: 'hi' }] }
const check =
  (message: unknown, more = {}) =>
  () =>
    checkParams('SendMessage', { message, ...more })
const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)])

test.each([
  ['text', { ...good }],
  ['data', { ...good, parts: [{ data: { schema: 's', data: {} } }] }],
  [
    'a media type with parameters',
    { ...good, parts: [{ text: 'a', mediaType: 'Text/Plain; charset=utf-8' }] },
  ],
  ['unknown fields', { ...good, kind: 'message', later: { a: 1 }, parts: [{ text: 'a', kind: 'text' }] }],
  ['null members beside the one', { ...good, parts: [{ text: 'a', data: null }] }],
])('passes: %s', (_name, message) => {
  expect(check(message)).not.toThrow()
})

test.each<[string, unknown, string]>([
  ['no message', undefined, 'message'],
  ['a text for a message', 'hi', 'message'],
  ['no message id', { ...good, messageId: undefined }, 'message.messageId'],
  ['an empty message id', { ...good, messageId: '' }, 'message.messageId'],
  ['a message id with a line end', { ...good, messageId: 'a\nb' }, 'message.messageId'],
  ['a long message id', { ...good, messageId: 'x'.repeat(129) }, 'message.messageId'],
  ['no role', { ...good, role: undefined }, 'message.role'],
  ['a role of 0.3', { ...good, role: 'user' }, 'message.role'],
  ['the role of the agent', { ...good, role: 'ROLE_AGENT' }, 'message.role'],
  ['no parts', { ...good, parts: undefined }, 'message.parts'],
  ['empty parts', { ...good, parts: [] }, 'message.parts'],
  ['parts that are a text', { ...good, parts: 'zzz' }, 'message.parts'],
  ['too many parts', { ...good, parts: Array(65).fill({ text: 'a' }) }, 'message.parts'],
  ['a part that is a text', { ...good, parts: ['a'] }, 'message.parts[0]'],
  ['a part without content', { ...good, parts: [{ text: 'a' }, {}] }, 'message.parts[1]'],
  ['two members in one part', { ...good, parts: [{ text: 'a', data: {} }] }, 'message.parts[0]'],
  ['a text that is a number', { ...good, parts: [{ text: 7 }] }, 'message.parts[0].text'],
  [
    'a media type that is a number',
    { ...good, parts: [{ text: 'a', mediaType: 7 }] },
    'message.parts[0].mediaType',
  ],
  ['a task id with spaces', { ...good, taskId: 'a b' }, 'message.taskId'],
])('refused with path and reason: %s', (_name, message, param) => {
  expect(check(message)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT', details: { param } }))
})

test('a refusal never holds the value', () => {
  for (const message of [
    { ...good, role: 'private-value' },
    { ...good, messageId: 'private value' },
  ])
    try {
      check(message)()
      expect.unreachable()
    } catch (error) {
      expect(String(error)).not.toContain('private')
    }
})

test.each([
  ['a file', { raw: 'aGk=' }],
  ['a link to a file', { url: 'http://169.254.169.254/' }],
  ['another media type', { text: 'a', mediaType: 'image/png' }],
])('%s is a content type that is not supported', (_name, part) => {
  expect(check({ ...good, parts: [part] })).toThrow(
    expect.objectContaining({ name: 'ContentTypeNotSupportedError' }),
  )
})

test('what is too long or too deep is too large', () => {
  expect(check({ ...good, parts: [{ text: 'x'.repeat(262_145) }] })).toThrow(
    expect.objectContaining({ code: 'TOO_LARGE' }),
  )
  expect(check({ ...good, parts: [{ data: nested(70) }] })).toThrow(
    expect.objectContaining({ code: 'TOO_LARGE' }),
  )
  expect(check({ ...good, parts: [{ data: nested(40) }] })).not.toThrow()
  const deep = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)
  expect(check({ ...good, parts: [{ data: deep }] })).toThrow(expect.objectContaining({ code: 'TOO_LARGE' }))
})

test.each<[object, string | null]>([
  [{ historyLength: -1 }, 'configuration.historyLength'],
  [{ historyLength: 1.5 }, 'configuration.historyLength'],
  [{ historyLength: 0 }, null],
  [{ acceptedOutputModes: 'text/plain' }, 'configuration.acceptedOutputModes'],
  [{ acceptedOutputModes: [] }, null],
  [{ acceptedOutputModes: ['image/png', 'text/*'] }, null],
])('configuration %j', (configuration, param) => {
  const checked = check(good, { configuration })
  if (param === null) expect(checked).not.toThrow()
  else expect(checked).toThrow(expect.objectContaining({ code: 'INVALID_INPUT', details: { param } }))
})

test('a client that takes none of what we send is told so', () => {
  expect(check(good, { configuration: { acceptedOutputModes: ['image/png'] } })).toThrow(
    expect.objectContaining({ name: 'ContentTypeNotSupportedError' }),
  )
})

test.each<[string, unknown, string]>([
  ['GetTask', {}, 'id'],
  ['GetTask', { id: ' ' }, 'id'],
  ['GetTask', { id: 'a', historyLength: -1 }, 'historyLength'],
  ['CancelTask', { id: 7 }, 'id'],
  ['SubscribeToTask', undefined, 'params'],
  ['GetTask', [], 'params'],
  ['ListTasks', { pageSize: 0 }, 'pageSize'],
  ['ListTasks', { pageSize: 101 }, 'pageSize'],
  ['ListTasks', { status: 'done' }, 'status'],
  ['ListTasks', { statusTimestampAfter: 'yesterday' }, 'statusTimestampAfter'],
  ['ListTasks', { pageToken: 7 }, 'pageToken'],
  ['GetTask', { id: 'a', tenant: 'other' }, 'tenant'],
])('%s %j is refused for its %s', (method, params, param) => {
  expect(() => checkParams(method, params)).toThrow(
    expect.objectContaining({ code: 'INVALID_INPUT', details: { param } }),
  )
})

test('lists may be asked for by all their filters', () => {
  const params = {
    contextId: 'c',
    status: 'TASK_STATE_WORKING',
    pageSize: 100,
    statusTimestampAfter: '2026-11-24T00:00:00Z',
  }
  expect(() => checkParams('ListTasks', params)).not.toThrow()
})
