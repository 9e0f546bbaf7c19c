import { describe, expect, test } from 'vitest'
import { bodyHash, chainHash, chainStart } from '../../../../functions/gateway/chat/hash.ts'
import { identify } from '../../../../functions/gateway/chat/identity.ts'
import { cleanMessages } from '../../../../functions/gateway/chat/messages.ts'
import { parseChatRequest } from '../../../../functions/gateway/chat/parse-request.ts'

type Body = { messages: { role: string; content: string }[]; [key: string]: unknown }

function identityOf(body: Body, headers: Record<string, string> = {}, owner = 'alice') {
  const request = parseChatRequest(body, { eventsHeader: false })
  const { messages } = cleanMessages(request.messages)
  return identify(request, messages, { owner, headers: new Headers(headers), body })
}
const user = (content: string) => ({ role: 'user', content })
const assistant = (content: string) => ({ role: 'assistant', content })
const system = (content: string) => ({ role: 'system', content })

describe('the conversation', () => {
  test.each([
    ['our own id', { conversation_id: 'conv_1' }, {}, { id: 'conv_1', clientId: null }],
    [
      'the body',
      { conversation_id: 'mine' },
      { 'x-openwebui-chat-id': 'c' },
      { id: null, clientId: 'body:mine' },
    ],
    [
      'Open WebUI',
      { metadata: { session_id: 's' } },
      { 'x-openwebui-chat-id': 'c' },
      { id: null, clientId: 'openwebui:c' },
    ],
    ['local_openai', { metadata: { session_id: 's' } }, {}, { id: null, clientId: 'session:s' }],
    [
      'Extended OpenAI',
      { user: '01J9ZQ4V3M6T8XK2B5N7P0R1SC', max_tokens: 150 },
      {},
      { id: null, clientId: 'extended:01J9ZQ4V3M6T8XK2B5N7P0R1SC' },
    ],
    ['user of any other client names nothing', { user: 'alice' }, {}, { id: null, clientId: null }],
  ])('%s', async (_name, extra, headers, expected) => {
    const { conversation } = await identityOf({ messages: [user('hi')], ...extra }, headers)
    expect(conversation).toMatchObject(expected)
  })

  test('the head of the next turn is the hash of this one and its answer', async () => {
    const first = await identityOf({ messages: [user('hi')] })
    const head = await chainHash(first.messageHash, 'assistant', 'Hello there.')
    const second = await identityOf({ messages: [user('hi'), assistant('Hello there.'), user('and now?')] })
    expect(first.conversation.heads).toEqual([])
    expect(second.conversation.heads).toEqual([head])
  })

  test('instructions that change each turn, white space and echoed thinking make no difference', async () => {
    const a = await identityOf({
      messages: [system('It is 10:00'), user('hi'), assistant('Yes.'), user('so?')],
    })
    const b = await identityOf({
      messages: [system('It is 10:05'), user('hi '), assistant('<think>x</think>Yes.\n'), user('so?')],
    })
    expect(b.messageHash).toBe(a.messageHash)
    expect(b.conversation.heads).toEqual(a.conversation.heads)
  })

  test('keys do not share hashes', async () => {
    const a = await identityOf({ messages: [user('hi')] }, {}, 'alice')
    const b = await identityOf({ messages: [user('hi')] }, {}, 'bob')
    expect(a.messageHash).not.toBe(b.messageHash)
  })

  test('roles and borders between messages count', async () => {
    const a = await identityOf({ messages: [user('a'), user('b')] })
    const b = await identityOf({ messages: [user('a\nuser\nb')] })
    const c = await identityOf({ messages: [user('a'), assistant('b'), user('c')] })
    const d = await identityOf({ messages: [user('a'), user('b'), user('c')] })
    expect(new Set([a.messageHash, b.messageHash, c.messageHash, d.messageHash]).size).toBe(4)
  })

  test('earlier questions are kept by place, the last one is not among them', async () => {
    const { askedAt } = await identityOf({ messages: [system('s'), user('a'), user('b'), user('c')] })
    expect([...askedAt.keys()]).toEqual([1, 2])
    expect(askedAt.get(1)).toBe(await chainHash(chainStart('alice'), 'user', 'a'))
  })
})

describe('retries', () => {
  test("the SDK's counter tells a retry", async () => {
    const of = (headers: Record<string, string>) => identityOf({ messages: [user('a')] }, headers)
    expect((await of({ 'x-stainless-retry-count': '1' })).retry).toBe(true)
    expect((await of({ 'x-stainless-retry-count': '0' })).retry).toBe(false)
    expect((await of({ 'x-stainless-retry-count': 'x' })).retry).toBe(false)
    expect((await of({})).retry).toBe(false)
  })

  test('an idempotency key comes with the hash of its body, whatever the order of keys', async () => {
    const { idempotency } = await identityOf({ messages: [user('a')] }, { 'idempotency-key': 'k' })
    expect(idempotency?.key).toBe('k')
    expect(await bodyHash({ a: 1, b: [{ c: 2, d: 3 }] })).toBe(await bodyHash({ b: [{ d: 3, c: 2 }], a: 1 }))
    expect(await bodyHash({ a: [1, 2] })).not.toBe(await bodyHash({ a: [2, 1] }))
  })

  test('an overlong key is refused', async () => {
    const long = identityOf({ messages: [user('a')] }, { 'idempotency-key': 'k'.repeat(256) })
    await expect(long).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })
})
