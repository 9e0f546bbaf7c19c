import { expect, test } from 'vitest'

/** Anything that answers requests: an app, or a client of one over a socket. */
export interface RouteHost {
  fetch(request: Request): Response | Promise<Response>
}

export interface RouteUnderTest {
  /** For the test's title, such as `POST /api/v1/chat/completions`. */
  readonly name: string
  /** Made anew for each test. */
  readonly app: () => RouteHost | Promise<RouteHost>
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly path: string
  /** A credential that the route takes. */
  readonly key: string | (() => string | Promise<string>)
  /** A body that the route takes, for one that reads JSON. */
  readonly body?: unknown
  /** How the route says that a body is no JSON, where it is not by our HTTP table (JSON-RPC: 200). */
  readonly malformedStatus?: number
  /** Largest body in bytes. */
  readonly bodyLimit?: number
  /** False for a route that takes no key. */
  readonly authenticated?: boolean
}

const ORIGIN = 'http://route.test'

async function expectOpenAIError(response: Response, status: number, code: string): Promise<void> {
  expect(response.status).toBe(status)
  expect(response.headers.get('content-type')).toContain('application/json')
  expect(response.headers.get('x-request-id')).toMatch(/.+/)
  const body = JSON.parse(await response.text())
  expect(Object.keys(body)).toEqual(['error'])
  expect(body.error).toMatchObject({ message: expect.stringMatching(/.+/), type: expect.any(String), code })
  expect(Object.keys(body.error).sort()).toEqual(['code', 'message', 'param', 'type'])
}

/**
 * What every route of ours has to refuse, and how: no key, wrong keys, keys in the wrong place, a body over the limit,
 * one that is no JSON, an unknown method. Each in OpenAI's shape, with a request id, and without the given value.
 */
export function commonRouteTests(route: RouteUnderTest): void {
  const { name, method, path, authenticated = true, bodyLimit = 1_048_576 } = route
  const key = async () => (typeof route.key === 'string' ? route.key : route.key())

  const send = async (
    headers: Record<string, string>,
    given: { body?: string; path?: string; method?: string } = {},
  ) => {
    const app = await route.app()
    const body = given.body ?? (route.body === undefined ? undefined : JSON.stringify(route.body))
    return app.fetch(
      new Request(`${ORIGIN}${given.path ?? path}`, {
        method: given.method ?? method,
        headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
        ...(body === undefined ? {} : { body }),
      }),
    )
  }
  const withKey = async () => ({ authorization: `Bearer ${await key()}` })

  if (authenticated) {
    test.each<[string, Record<string, string>]>([
      ['no key', {}],
      ['a wrong key', { authorization: 'Bearer wrong-key-0123456789' }],
      ['an empty Bearer', { authorization: 'Bearer ' }],
      ['another scheme', { authorization: 'Basic dXNlcjpwYXNz' }],
      ['two words behind Bearer', { authorization: 'Bearer one two' }],
      [
        'wrong keys in all three headers',
        { authorization: 'Bearer a-wrong', 'x-api-key': 'b-wrong', 'api-key': 'c-wrong' },
      ],
    ])(`${name}: %s is 401`, async (_case, headers) => {
      const response = await send(headers)
      expect(response.headers.get('www-authenticate')).toContain('Bearer')
      await expectOpenAIError(response, 401, 'invalid_api_key')
    })

    test(`${name}: a good key in the query is not taken`, async () => {
      const good = encodeURIComponent(await key())
      const query = `${path.includes('?') ? '&' : '?'}api_key=${good}&api-key=${good}&key=${good}&token=${good}`
      await expectOpenAIError(await send({}, { path: path + query }), 401, 'invalid_api_key')
    })

    test(`${name}: a good key without its scheme is not taken`, async () => {
      await expectOpenAIError(await send({ authorization: await key() }), 401, 'invalid_api_key')
    })

    test(`${name}: the answer does not repeat a wrong key`, async () => {
      const response = await send({ 'x-api-key': 'tell-nobody-0123456789' })
      expect(await response.text()).not.toContain('tell-nobody')
    })
  }

  test(`${name}: another method is 405 with Allow`, async () => {
    const response = await send(await withKey(), { method: 'PATCH' })
    expect(response.headers.get('allow')?.split(', ')).toContain(method)
    await expectOpenAIError(response, 405, 'method_not_allowed')
  })

  test(`${name}: a request id is given, and a good one kept`, async () => {
    expect((await send(await withKey())).headers.get('x-request-id')).toMatch(/^req_/)
    const kept = await send({ ...(await withKey()), 'x-request-id': 'client-1' })
    expect(kept.headers.get('x-request-id')).toBe('client-1')
  })

  if (route.body === undefined) return

  test(`${name}: a body of one byte more than the limit is 413`, async () => {
    const body = JSON.stringify({ ...Object(route.body), padding: '' })
    const padded = body.replace('"padding":""', `"padding":"${'x'.repeat(bodyLimit + 1 - body.length)}"`)
    expect(new TextEncoder().encode(padded)).toHaveLength(bodyLimit + 1)
    await expectOpenAIError(await send(await withKey(), { body: padded }), 413, 'too_large')
  })

  test.each(['{"a":', 'nonsense', '', '{"a":1}}'])(`${name}: the body %j is no JSON`, async (body) => {
    const response = await send(await withKey(), { body })
    if (route.malformedStatus === undefined) return expectOpenAIError(response, 400, 'malformed_json')
    expect(response.status).toBe(route.malformedStatus)
  })

  test.each(['null', '[]', '"text"', '7', '{}'])(
    `${name}: the JSON %s is refused, not a crash`,
    async (body) => {
      const response = await send(await withKey(), { body })
      expect(response.status).toBeLessThan(500)
    },
  )
}
