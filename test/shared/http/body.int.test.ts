import { connect } from 'node:net'
import { serve } from '@hono/node-server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createApp } from '../../../shared/http/app.ts'
import { appOptions } from './app-options.ts'

let port = 0
let server: ReturnType<typeof serve>

beforeAll(async () => {
  const app = createApp(appOptions())
  app.post('/', async (c) => c.json({ size: (await c.req.arrayBuffer()).byteLength }))
  await new Promise<void>((resolve) => {
    server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, (info) => {
      port = info.port
      resolve()
    })
  })
})
afterAll(() => new Promise<void>((resolve) => server.close(() => resolve())))

/** Sends the whole body before it reads anything, as simple clients do, and gives what came back. */
function send(headers: string, body: Buffer[]): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = ''
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(`POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${headers}\r\n\r\n`)
      for (const part of body) socket.write(part)
    })
    socket.on('data', (data) => {
      answer += data
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(answer))
  })
}

const MB = 1_048_576
const part = Buffer.alloc(MB, 32)
const chunk = Buffer.concat([Buffer.from(`${MB.toString(16)}\r\n`), part, Buffer.from('\r\n')])

test('1 MB passes', async () => {
  expect(await send(`Content-Length: ${MB}`, [part])).toContain(`{"size":${MB}}`)
})

test.each([MB + 1, 8 * MB])('a client that sends %i bytes reads the 413', async (size) => {
  const parts = Array.from({ length: Math.floor(size / MB) }, () => part)
  const rest = Buffer.alloc(size % MB, 32)
  const answer = await send(`Content-Length: ${size}`, [...parts, rest])
  expect(answer).toMatch(/^HTTP\/1\.1 413 /)
  expect(answer).toContain('too_large')
})

test('so does one that sends chunks of unknown number', async () => {
  const answer = await send('Transfer-Encoding: chunked', [chunk, chunk, chunk, Buffer.from('0\r\n\r\n')])
  expect(answer).toMatch(/^HTTP\/1\.1 413 /)
  expect(answer).toContain('too_large')
})
