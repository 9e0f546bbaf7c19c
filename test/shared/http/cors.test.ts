import { expect, test } from 'vitest'
import { createApp } from '../../../shared/http/app.ts'
import { sseResponse } from '../../../shared/http/sse-writer.ts'
import { appOptions } from './app-options.ts'

function app(origins: string[]) {
  const made = createApp(appOptions([], { cors: { origins } }))
  made.post('/chat', () =>
    sseResponse(
      (async function* () {
        yield 'data: a\n\n'
      })(),
    ),
  )
  return made
}
const ORIGIN = 'https://ui.example'
const preflight = (origin: string, origins: string[]) =>
  app(origins).request('/chat', {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization',
    },
  })

test('without origins no CORS header is sent', async () => {
  const response = await app([]).request('/chat', { method: 'POST', headers: { origin: ORIGIN } })
  expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
  expect((await preflight(ORIGIN, [])).headers.get('access-control-allow-origin')).toBeNull()
})

test('the preflight of an allowed origin covers our headers', async () => {
  const response = await preflight(ORIGIN, [ORIGIN])
  expect(response.status).toBe(204)
  expect(response.headers.get('access-control-allow-origin')).toBe(ORIGIN)
  const allowed = response.headers.get('access-control-allow-headers')?.toLowerCase()
  // The last two stand for those that the openai client sends from a page.
  for (const name of [
    'authorization',
    'x-api-key',
    'idempotency-key',
    'content-type',
    'x-stainless-os',
    'x-stainless-retry-count',
  ])
    expect(allowed).toContain(name)
})

test('a stream carries the header too, and exposes the request id', async () => {
  const response = await app([ORIGIN]).request('/chat', { method: 'POST', headers: { origin: ORIGIN } })
  expect(response.headers.get('access-control-allow-origin')).toBe(ORIGIN)
  expect(response.headers.get('access-control-expose-headers')?.toLowerCase()).toContain('x-request-id')
  expect(response.headers.get('vary')).toContain('Origin')
  expect(await response.text()).toBe('data: a\n\n')
})

test('another origin is not allowed', async () => {
  expect(
    (await preflight('https://evil.example', [ORIGIN])).headers.get('access-control-allow-origin'),
  ).toBeNull()
})

test('an error can be read by the page too', async () => {
  const response = await app([ORIGIN]).request('/nope', { headers: { origin: ORIGIN } })
  expect(response.status).toBe(404)
  expect(response.headers.get('access-control-allow-origin')).toBe(ORIGIN)
})
