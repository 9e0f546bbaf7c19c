import { expect, test } from 'vitest'
import { createApp } from '../../../shared/http/app.ts'
import { readJson } from '../../../shared/http/body.ts'
import { appOptions } from './app-options.ts'

const LIMIT = 1_000

function app() {
  const made = createApp(appOptions([], { bodyLimitBytes: LIMIT }))
  made.post('/json', async (c) => c.json({ got: await readJson(c) }))
  made.post('/size', async (c) => c.json({ size: (await c.req.arrayBuffer()).byteLength }))
  return made
}

/** A body of unknown length, as a chunked upload has it; it tells how much of it was taken. */
function upload(bytes: number) {
  const state = { sent: 0 }
  const body = new ReadableStream<Uint8Array>({
    pull(out) {
      if (state.sent >= bytes) return out.close()
      const size = Math.min(100, bytes - state.sent)
      state.sent += size
      out.enqueue(new Uint8Array(size).fill(32))
    },
  })
  return { state, request: new Request('http://x/size', { method: 'POST', body, duplex: 'half' }) }
}

test.each([0, 1, LIMIT - 1, LIMIT])('%i bytes of unknown length pass whole', async (bytes) => {
  const response = await app().fetch(upload(bytes).request)
  expect(await response.json()).toEqual({ size: bytes })
})

test('one byte more is 413, counted while reading', async () => {
  const response = await app().fetch(upload(LIMIT + 1).request)
  expect(response.status).toBe(413)
  expect(await response.json()).toMatchObject({ error: { code: 'too_large', type: 'invalid_request_error' } })
})

test('the rest of an oversize body is read away, so that its sender gets the answer', async () => {
  const { state, request } = upload(50_000)
  expect((await app().fetch(request)).status).toBe(413)
  expect(state.sent).toBe(50_000)
})

test('but an endless one is not', async () => {
  const { state, request } = upload(Number.MAX_SAFE_INTEGER)
  expect((await app().fetch(request)).status).toBe(413)
  expect(state.sent).toBeLessThan(40_000_000)
})

test('a declared length over the limit is 413, also where it lies', async () => {
  const post = (length: string) =>
    app().request('/size', { method: 'POST', body: 'x', headers: { 'content-length': length } })
  expect((await post(String(LIMIT + 1))).status).toBe(413)
  expect((await post(String(LIMIT))).status).toBe(200)
})

test('a body that does not parse is 400 without its text', async () => {
  const response = await app().request('/json', { method: 'POST', body: '{"secret": ' })
  expect(response.status).toBe(400)
  const text = await response.text()
  expect(JSON.parse(text)).toMatchObject({ error: { code: 'malformed_json' } })
  expect(text).not.toContain('secret')
})

test('JSON of a counted body arrives', async () => {
  const response = await app().request('/json', { method: 'POST', body: '{"a":[1,"ü"]}' })
  expect(await response.json()).toEqual({ got: { a: [1, 'ü'] } })
})
