import { expect, test } from 'vitest'
import { AetherError } from '../../../shared/errors/aether-error.ts'
import { createApp } from '../../../shared/http/app.ts'
import { sseResponse } from '../../../shared/http/sse-writer.ts'
import { appOptions } from './app-options.ts'

function setup(given = {}) {
  const lines: Record<string, unknown>[] = []
  const app = createApp(appOptions(lines, given))
  app.get('/things/:id', (c) => {
    c.get('logFields').thing = c.req.param('id')
    return c.json({ ok: true })
  })
  app.get('/typed', () => {
    throw new AetherError('INVALID_INPUT', 'messages[0].role must be a role.', {
      details: { param: 'messages[0].role' },
    })
  })
  app.get('/down', () => {
    throw new AetherError('STORAGE_UNAVAILABLE', undefined, {
      cause: new Error('connection refused at 10.0.0.7'),
    })
  })
  app.get('/bug', () => {
    throw new TypeError('secret detail of /etc/passwd')
  })
  app.post('/things', (c) => c.json({}, 201))
  return { app, lines }
}

test('an id is given to every request, and a well-formed one of the caller is kept', async () => {
  const { app } = setup()
  expect((await app.request('/things/1')).headers.get('x-request-id')).toBe('req_1')
  const kept = await app.request('/things/1', { headers: { 'x-request-id': 'client-42' } })
  expect(kept.headers.get('x-request-id')).toBe('client-42')
  for (const bad of ['has space', 'x'.repeat(200), '"quoted"', '-leading']) {
    const answer = await app.request('/things/1', { headers: { 'x-request-id': bad } })
    expect(answer.headers.get('x-request-id')).toMatch(/^req_/)
  }
})

test('a typed error is answered in the shape and status of the table', async () => {
  const { app, lines } = setup()
  const response = await app.request('/typed')
  expect(response.status).toBe(400)
  expect(response.headers.get('x-request-id')).toBe('req_1')
  expect(await response.json()).toEqual({
    error: {
      message: 'messages[0].role must be a role.',
      type: 'invalid_request_error',
      param: 'messages[0].role',
      code: 'invalid_input',
    },
  })
  expect(lines).toHaveLength(1)
  expect(lines[0]).toMatchObject({ message: 'request', status: 400, code: 'INVALID_INPUT' })
})

test('what helps a client to retry is said', async () => {
  const { app } = setup()
  const down = await app.request('/down')
  expect(down.status).toBe(503)
  expect(down.headers.get('retry-after')).toBe('2')
  expect(await down.text()).not.toContain('10.0.0.7')
})

test('an unknown fault shows nothing of itself but in the log', async () => {
  const { app, lines } = setup()
  const response = await app.request('/bug')
  expect(response.status).toBe(500)
  expect(response.headers.get('x-should-retry')).toBe('false')
  const text = await response.text()
  expect(JSON.parse(text).error).toMatchObject({ type: 'server_error', code: 'internal' })
  expect(text).not.toContain('passwd')
  const fault = lines.find((line) => line.level === 'error')
  expect(fault).toMatchObject({ request_id: 'req_1', code: 'INTERNAL' })
  expect(JSON.stringify(fault)).toContain('secret detail of /etc/passwd')
})

test('unknown paths are 404, known paths under another method 405 with Allow', async () => {
  const { app } = setup()
  const missing = await app.request('/nothing')
  expect(missing.status).toBe(404)
  expect(await missing.json()).toMatchObject({ error: { code: 'not_found' } })
  const wrong = await app.request('/things/7', { method: 'DELETE' })
  expect(wrong.status).toBe(405)
  expect(wrong.headers.get('allow')).toBe('GET, HEAD')
  expect(await wrong.json()).toMatchObject({ error: { code: 'method_not_allowed' } })
  expect((await app.request('/things', { method: 'GET' })).headers.get('allow')).toBe('POST')
  expect((await app.request('/things/7', { method: 'HEAD' })).status).toBe(200)
})

test('one line a request says what happened, without query and headers', async () => {
  const { app, lines } = setup()
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
  await app.request('/things/7?key=private', { headers: { traceparent, authorization: 'Bearer private' } })
  expect(lines).toHaveLength(1)
  expect(lines[0]).toMatchObject({
    message: 'request',
    service: 'gateway',
    method: 'GET',
    route: '/things/:id',
    status: 200,
    thing: '7',
    trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
    request_id: 'req_1',
  })
  expect(JSON.stringify(lines)).not.toContain('private')
})

test('the line of a stream is written when the stream has ended', async () => {
  const { app, lines } = setup()
  app.get('/stream', (c) => {
    const { promise, resolve } = Promise.withResolvers<void>()
    c.set('streamEnd', promise)
    async function* frames() {
      yield 'data: a\n\n'
      c.get('logFields').events = 1
    }
    return sseResponse(frames(), { onEnd: () => resolve() })
  })
  const response = await app.request('/stream')
  expect(lines).toHaveLength(0)
  expect(response.headers.get('x-request-id')).toBe('req_1')
  await response.text()
  await Promise.resolve()
  expect(lines).toHaveLength(1)
  expect(lines[0]).toMatchObject({ route: '/stream', status: 200, events: 1 })
})

test('answers for browsers carry the headers that they heed, and no claim about TLS', async () => {
  const { app } = setup({ browsers: true })
  const { headers } = await app.request('/things/1')
  expect(headers.get('x-content-type-options')).toBe('nosniff')
  expect(headers.get('referrer-policy')).toBe('no-referrer')
  expect(headers.get('strict-transport-security')).toBeNull()
})

test('answers for programs do without them', async () => {
  const { app } = setup()
  const { headers } = await app.request('/things/1')
  expect([...headers.keys()].toSorted()).toEqual(['content-type', 'x-request-id'])
})

test('a route may set such a header otherwise', async () => {
  const app = createApp(appOptions([], { browsers: true }))
  app.get('/image', (c) => c.body('', 200, { 'cross-origin-resource-policy': 'cross-origin' }))
  const { headers } = await app.request('/image')
  expect(headers.get('cross-origin-resource-policy')).toBe('cross-origin')
  expect(headers.get('x-content-type-options')).toBe('nosniff')
})
