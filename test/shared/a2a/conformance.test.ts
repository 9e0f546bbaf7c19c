import { AgentCard, canonicalizeAgentCard, verifyAgentCardSignature } from '@a2a-js/sdk'
import { decodeProtectedHeader, exportPKCS8, generateKeyPair, importJWK } from 'jose'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createCardSigner } from '../../../shared/a2a/card-signer.ts'
import { callContext, collect, jsonOf, result, scriptedAgent } from './scripted-agent.ts'
import { eventsOf, messageOf, tckAgent, URL_OF_TCK } from './tck-harness.ts'

// The requirements that the conformance kit (a2aproject/a2a-tck, 1.0-dev) lists without a test of its own, by its ids.

const agent = tckAgent()
const CARD = '/.well-known/agent-card.json'
const KEYS = '/.well-known/jwks.json'

async function newSigner() {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  return createCardSigner(await exportPKCS8(privateKey), `${URL_OF_TCK}${KEYS}`)
}

describe('signed cards', () => {
  // The SDK prints each signature that does not hold.
  beforeEach(() => void vi.spyOn(console, 'debug').mockImplementation(() => {}))
  afterEach(() => void vi.restoreAllMocks())

  const setup = async () => {
    const signer = await newSigner()
    const signed = tckAgent({ signer, card: { legacy: true } })
    const card = await jsonOf(signed.app.request(CARD))
    const keys = (await jsonOf(signed.app.request(KEYS))).keys
    const verify = (given: unknown, known = keys) =>
      verifyAgentCardSignature(async (kid) => {
        const key = known.find((one: { kid: string }) => one.kid === kid)
        if (!key) throw new Error('no such key')
        return key
      })(AgentCard.fromJSON(given))
    return { card, keys, verify }
  }

  test('CARD-SIGN-001, CARD-SIGN-002: the canonical card without its signatures is what is signed', async () => {
    const { card, keys, verify } = await setup()
    await expect(verify(card)).resolves.toBeUndefined()
    const [{ protected: header, signature }] = card.signatures
    const payload = new TextEncoder().encode(canonicalizeAgentCard(AgentCard.fromJSON(card)))
    expect(new TextDecoder().decode(payload)).not.toContain('signatures')
    const key = await importJWK(keys[0], 'ES256')
    const signedText = `${header}.${base64url(payload)}`
    const isSigned = await crypto.subtle.verify(
      { name: 'ECDSA', hash: 'SHA-256' },
      key as Parameters<typeof crypto.subtle.verify>[1],
      Buffer.from(signature, 'base64url'),
      new TextEncoder().encode(signedText),
    )
    expect(isSigned).toBe(true)
    await expect(verify({ ...card, name: 'Another' })).rejects.toThrow()
  })

  test('CARD-SIGN-003: the protected header names algorithm and key', async () => {
    const { card, keys } = await setup()
    expect(decodeProtectedHeader(card.signatures[0])).toMatchObject({
      alg: 'ES256',
      kid: keys[0].kid,
      jku: `${URL_OF_TCK}${KEYS}`,
      typ: 'JOSE',
    })
    expect(JSON.stringify(keys)).not.toContain('"d"')
  })

  test('CARD-SIGN-004: a key that is served no more verifies nothing', async () => {
    const { card, verify } = await setup()
    const { keys: next } = (await newSigner()).jwks
    await expect(verify(card, next)).rejects.toThrow()
  })
})

describe('who is let in', () => {
  const ROUTES = [
    ['POST', '/'],
    ['POST', '/rpc'],
    ['POST', '/message:send'],
    ['POST', '/message:stream'],
    ['GET', '/tasks'],
    ['GET', '/tasks/x'],
    ['POST', '/tasks/x:cancel'],
    ['POST', '/tasks/x:subscribe'],
    ['GET', '/tasks/x:subscribe'],
    ['GET', '/extendedAgentCard'],
    ['POST', '/tasks/x/pushNotificationConfigs'],
    ['GET', '/tasks/x/pushNotificationConfigs'],
    ['GET', '/tasks/x/pushNotificationConfigs/y'],
    ['DELETE', '/tasks/x/pushNotificationConfigs/y'],
    ['GET', '/anything'],
  ] as const

  test.each(ROUTES)(
    'AUTH-SERVER-002, AUTH-SCOPE-001, BIND-EQUIV-004: %s %s takes nobody without credentials',
    async (method, path) => {
      const response = await agent.request(path, { method, user: null })
      expect(response.status).toBe(401)
      expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/)
    },
  )

  test('AUTH-TLS-001: a card names what its public URL names, so TLS in front is told to callers', async () => {
    const card = await jsonOf(agent.app.request(CARD))
    for (const { url } of card.supportedInterfaces) expect(new URL(url).protocol).toBe('https:')
  })
})

describe('what is another user’s', () => {
  const METHODS = [
    ['GetTask', {}],
    ['CancelTask', {}],
    ['SubscribeToTask', {}],
  ] as const

  test('AUTH-SCOPE-002: is in no list', async () => {
    await agent.rpc('SendMessage', { message: messageOf('tck-complete-task') })
    const { result: mine } = await jsonOf(agent.rpc('ListTasks', {}))
    const { result: others } = await jsonOf(agent.rpc('ListTasks', {}, { user: 'ben' }))
    expect(mine.totalSize).toBeGreaterThan(0)
    expect(others).toEqual({ tasks: [], nextPageToken: '', pageSize: 50, totalSize: 0 })
  })

  test.each(METHODS)('AUTH-SCOPE-003: is to %s as if it were not there', async (method) => {
    const { result } = await jsonOf(agent.rpc('SendMessage', { message: messageOf('tck-input-required') }))
    const answer = async (id: string) => {
      const { error } = await jsonOf(agent.rpc(method, { id }, { user: 'ben' }))
      return error
    }
    expect(await answer(result.task.id)).toEqual(await answer('task_none'))
    const told = await jsonOf(
      agent.rpc('SendMessage', { message: messageOf('x', { taskId: result.task.id }) }, { user: 'ben' }),
    )
    expect(told.error.code).toBe(-32001)
  })
})

test('AUTH-INTASK-001 to 004: what needs a sign-in is a task that says so, stays, and goes on after it', async () => {
  const { result } = await jsonOf(agent.rpc('SendMessage', { message: messageOf('tck-auth-required') }))
  const { task } = result
  expect(task.status.state).toBe('TASK_STATE_AUTH_REQUIRED')
  expect(task.status.message.parts[0].text).toContain('Sign in at https://')
  const { result: same } = await jsonOf(agent.rpc('GetTask', { id: task.id }))
  expect(same.status.state).toBe('TASK_STATE_AUTH_REQUIRED')
  // The credentials never pass here: a message only says that it was done.
  const { result: after } = await jsonOf(
    agent.rpc('SendMessage', { message: messageOf('tck-complete-task', { taskId: task.id }) }),
  )
  expect(after.task).toMatchObject({ id: task.id, status: { state: 'TASK_STATE_COMPLETED' } })
})

describe('versions', () => {
  test('VER-CLIENT-001, VER-CLIENT-002: our client names its version, without a patch number', async () => {
    const seen: (string | null)[] = []
    const team = scriptedAgent(async function* () {
      yield result('x')
    })
    const peer = team.peer({
      fetch: async (request) => {
        seen.push(request.headers.get('a2a-version'))
        return team.app.fetch(request)
      },
    })
    await collect(peer.call({ text: 'hi' }, callContext()))
    expect(seen).toEqual(['1.0'])
  })

  test.each([
    ['1.0', 'TASK_STATE_COMPLETED'],
    ['1.0.7', 'TASK_STATE_COMPLETED'],
  ])('VER-SERVER-001, VER-CLIENT-002: %s is served as 1.0', async (version, state) => {
    const params = { message: messageOf('tck-complete-task') }
    const { result: served } = await jsonOf(agent.rpc('SendMessage', params, { version }))
    expect(served.task.status.state).toBe(state)
  })

  test.each(['0.3', '0.3.0', null])('VER-SERVER-001: %s is served as 0.3', async (version) => {
    const message = {
      kind: 'message',
      messageId: `tck-complete-task-${crypto.randomUUID()}`,
      role: 'user',
      parts: [{ kind: 'text', text: 'hi' }],
    }
    const { result: served } = await jsonOf(agent.rpc('message/send', { message }, { version }))
    expect(served).toMatchObject({ kind: 'task', status: { state: 'completed' } })
  })
})

test('GRPC-SVC-003: its subject, a binding of gRPC, is on no card, so none can be without HTTP/2 and TLS', async () => {
  const { supportedInterfaces } = await jsonOf(agent.app.request(CARD))
  const bindings = supportedInterfaces.map((one: { protocolBinding: string }) => one.protocolBinding)
  expect(new Set(bindings)).toEqual(new Set(['JSONRPC', 'HTTP+JSON']))
})

/** The same operation over both bindings. */
const both = {
  send: async (message: unknown) => [
    (await jsonOf(agent.rpc('SendMessage', { message }))).result,
    await jsonOf(agent.request('/message:send', { body: { message } })),
  ],
  get: async (id: string) => [
    (await jsonOf(agent.rpc('GetTask', { id }))).result,
    await jsonOf(agent.request(`/tasks/${id}`, { method: 'GET' })),
  ],
  list: async () => [
    (await jsonOf(agent.rpc('ListTasks', { includeArtifacts: true }))).result,
    await jsonOf(agent.request('/tasks?includeArtifacts=true', { method: 'GET' })),
  ],
}

describe('both bindings', () => {
  test('BIND-EQUIV-001, BIND-EQUIV-002: give the same task, page, card and stream', async () => {
    const [made] = await both.send(messageOf('tck-artifact-data'))
    const [rpcTask, restTask] = await both.get(made.task.id)
    expect(rpcTask).toEqual(restTask)
    const [rpcPage, restPage] = await both.list()
    expect(rpcPage).toEqual(restPage)
    const shape = (events: readonly unknown[]) => events.map((event) => Object.keys(event as object)[0])
    const message = () => messageOf('tck-stream-artifact-chunked')
    const rpc = await eventsOf(await agent.rpc('SendStreamingMessage', { message: message() }))
    const rest = await eventsOf(await agent.request('/message:stream', { body: { message: message() } }))
    expect(shape(rpc.map(({ result: event }) => event))).toEqual(shape(rest))
    const [first] = await both.send(messageOf('tck-input-required'))
    const cancelled = await jsonOf(agent.request(`/tasks/${first.task.id}:cancel`))
    expect(cancelled.status.state).toBe('TASK_STATE_CANCELED')
  })

  test.each<[string, string, unknown, string, string, string]>([
    ['an unknown task', 'GetTask', { id: 'none' }, 'GET', '/tasks/none', 'TASK_NOT_FOUND'],
    ['a cancel of none', 'CancelTask', { id: 'none' }, 'POST', '/tasks/none:cancel', 'TASK_NOT_FOUND'],
    [
      'a subscription to none',
      'SubscribeToTask',
      { id: 'none' },
      'POST',
      '/tasks/none:subscribe',
      'TASK_NOT_FOUND',
    ],
    [
      'push notifications',
      'ListTaskPushNotificationConfigs',
      { taskId: 'none' },
      'GET',
      '/tasks/none/pushNotificationConfigs',
      'PUSH_NOTIFICATION_NOT_SUPPORTED',
    ],
    ['an extended card', 'GetExtendedAgentCard', {}, 'GET', '/extendedAgentCard', 'UNSUPPORTED_OPERATION'],
    ['a page of 101', 'ListTasks', { pageSize: 101 }, 'GET', '/tasks?pageSize=101', 'INVALID_INPUT'],
  ])('BIND-EQUIV-003: refuse %s for the same reason', async (_name, method, params, verb, path, reason) => {
    const rpc = await jsonOf(agent.rpc(method, params))
    const rest = await jsonOf(agent.request(path, { method: verb }))
    expect(rpc.error.data[0].reason).toBe(reason)
    expect(rest.error.details[0].reason).toBe(reason)
    expect(rest.error.message).toBe(rpc.error.message)
  })
})

const base64url = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url')
