import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { createPoolFetch } from '../../../infrastructure/node/pool-fetch.ts'

async function start(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  let connections = 0
  const server = createServer(answer).on('connection', () => connections++)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
  const pool = createPoolFetch()
  onTestFinished(async () => {
    await pool.close()
    server.closeAllConnections()
    server.close()
  })
  return { url, fetch: pool.fetch, connections: () => connections }
}

test('method, path, headers and body arrive; status, headers and body come back', async () => {
  const { url, fetch } = await start(async (request, response) => {
    response.writeHead(201, { 'x-seen': request.headers['x-given'], 'set-cookie': ['a=1', 'b=2'] })
    response.end(
      `${request.method} ${request.url} ${request.headers['content-length']} ${await text(request)}`,
    )
  })
  const response = await fetch(
    new Request(`${url}/path?q=1`, { method: 'POST', body: 'grüße', headers: { 'x-given': 'yes' } }),
  )
  expect(response.status).toBe(201)
  expect(response.headers.get('x-seen')).toBe('yes')
  expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
  expect(await response.text()).toBe('POST /path?q=1 7 grüße')
})

test('connections are kept and used again', async () => {
  const { url, fetch, connections } = await start((_, response) => response.end('ok'))
  for (let i = 0; i < 20; i++) await (await fetch(new Request(url))).text()
  expect(connections()).toBeLessThanOrEqual(2)
})

test('an answer without a body is one', async () => {
  const { url, fetch } = await start((_, response) => response.writeHead(204).end())
  const response = await fetch(new Request(url))
  expect([response.status, response.body]).toEqual([204, null])
})

test('chunks arrive as they are written', async () => {
  let write = (_: string) => {}
  const { url, fetch } = await start((_, response) => {
    response.flushHeaders()
    write = (chunk) => response.write(chunk)
  })
  const response = await fetch(new Request(url))
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  for (const chunk of ['one', 'two']) {
    write(chunk)
    expect(await reader?.read()).toEqual({ done: false, value: chunk })
  }
  await reader?.cancel()
})

test('a cancelled answer closes the exchange', async () => {
  const closed = Promise.withResolvers<void>()
  const { url, fetch } = await start((_, response) => {
    response.on('close', () => closed.resolve())
    response.write('one')
  })
  const response = await fetch(new Request(url))
  await response.body?.cancel()
  await closed.promise
})

test('data that follows a cancel disturbs nobody', async () => {
  const closed = Promise.withResolvers<void>()
  const { url, fetch } = await start((_, response) => {
    response.on('close', () => closed.resolve())
    const more = setInterval(() => response.write('x'.repeat(100_000)), 1)
    response.on('close', () => clearInterval(more))
  })
  const response = await fetch(new Request(url))
  const reader = response.body?.getReader()
  await reader?.read()
  await reader?.cancel()
  await closed.promise
})

test.each(['within', 'beside'])(
  'an abort, the signal %s the request, before the headers closes the exchange and rejects with its reason',
  async (place) => {
    const arrived = Promise.withResolvers<void>()
    const closed = Promise.withResolvers<void>()
    const { url, fetch } = await start((_, response) => {
      response.on('close', () => closed.resolve())
      arrived.resolve()
    })
    const controller = new AbortController()
    const { signal } = controller
    const answer =
      place === 'within' ? fetch(new Request(url, { signal })) : fetch(new Request(url), { signal })
    await arrived.promise
    controller.abort(new Error('no longer wanted'))
    await expect(answer).rejects.toThrow('no longer wanted')
    await closed.promise
  },
)

test('a reader who is slow pauses the connection, and then gets everything', async () => {
  const written = { bytes: 0, waits: 0 }
  const { url, fetch } = await start(async (_, response) => {
    for (let i = 0; i < 200; i++) {
      written.bytes += 100_000
      if (response.write('x'.repeat(100_000))) continue
      written.waits++
      await new Promise((resolve) => response.once('drain', resolve))
    }
    response.end()
  })
  const response = await fetch(new Request(url))
  await expect.poll(() => written.waits).toBeGreaterThan(0)
  // What the sockets of both sides hold is some megabytes; all of it would be twenty.
  const before = written.bytes
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(written.bytes).toBe(before)
  expect((await response.text()).length).toBe(20_000_000)
})

test('an abort mid-stream closes the exchange and ends the body with an error', async () => {
  const closed = Promise.withResolvers<void>()
  const { url, fetch } = await start((_, response) => {
    response.on('close', () => closed.resolve())
    response.write('one')
  })
  const controller = new AbortController()
  const response = await fetch(new Request(url, { signal: controller.signal }))
  const rest = response.text()
  controller.abort()
  await expect(rest).rejects.toThrow()
  await closed.promise
})

test('a peer that is not there, or hangs up, is an error', async () => {
  const { url, fetch } = await start((request) => request.socket.destroy())
  await expect(fetch(new Request(url))).rejects.toThrow()
  await expect(fetch(new Request('http://127.0.0.1:1/'))).rejects.toThrow()
})
