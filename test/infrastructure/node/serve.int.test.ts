import { connect, createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { type Server, startServer } from '../../../infrastructure/node/serve.ts'
import { createLog } from '../../../shared/config/log.ts'
import type { Fetch } from '../../../shared/http/fetch.ts'

const log = createLog({ write() {}, level: 'silent', service: 'test', now: () => 0, secrets: [] })

async function serve(fetch: Fetch, drain = async (_ms: number) => {}): Promise<Server> {
  const server = await startServer({ fetch, host: '127.0.0.1', port: 0, log, drain })
  onTestFinished(() => server.stop())
  return server
}

test('it serves a handler on a free port and says where', async () => {
  const server = await serve(async (request) => new Response(new URL(request.url).pathname))
  expect(server.url).toBe(`http://127.0.0.1:${server.port}`)
  expect(await (await fetch(`${server.url}/x`)).text()).toBe('/x')
})

test('a taken port, or an address that is not ours, is one clear line', async () => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void other.close())
  const address = other.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const start = (host: string) =>
    startServer({ fetch: async () => new Response(), host, port, log, drain: async () => {} })
  await expect(start('127.0.0.1')).rejects.toThrow(
    `Port ${port} on 127.0.0.1 is taken. Stop what listens there, or choose another with PORT.`,
  )
  await expect(start('192.0.2.1')).rejects.toThrow(/^HOST names no address of this machine/)
})

test('while it drains it still answers; afterwards the port is free', async () => {
  const drained = Promise.withResolvers<void>()
  let grace = 0
  const server = await serve(
    async () => new Response(grace === 0 ? 'open' : 'draining'),
    (ms) => {
      grace = ms
      return drained.promise
    },
  )
  const stopped = server.stop()
  expect(await (await fetch(server.url)).text()).toBe('draining')
  expect(grace).toBe(10_000)
  drained.resolve()
  await stopped
  await expect(fetch(server.url)).rejects.toThrow()
})

test('a stream that is under way when it stops is written to its end', async () => {
  let finish = () => {}
  const server = await serve(
    async () =>
      new Response(
        new ReadableStream({
          start(controller) {
            controller.enqueue(new TextEncoder().encode('first '))
            finish = () => {
              controller.enqueue(new TextEncoder().encode('last'))
              controller.close()
            }
          },
        }),
      ),
    async () => finish(),
  )
  const response = await fetch(server.url)
  const [text] = await Promise.all([response.text(), server.stop()])
  expect(text).toBe('first last')
})

test('a stream that never ends does not hold up the stop', async () => {
  const server = await serve(
    async () => new Response(new ReadableStream({ start: (c) => c.enqueue(new Uint8Array(1)) })),
  )
  const response = await fetch(server.url)
  const reading = response.text().catch(() => 'cut')
  await server.stop()
  expect(await reading).toBe('cut')
})

test('stopping twice is stopping once', async () => {
  let drains = 0
  const server = await serve(
    async () => new Response(),
    async () => {
      drains++
    },
  )
  await Promise.all([server.stop(), server.stop()])
  expect(drains).toBe(1)
})

/** What a bare connection gets for a request, packet by packet. */
function packetsOf(server: Server): { packets: string[]; came: (text: string) => Promise<void> } {
  const socket = connect(server.port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  const packets: string[] = []
  let look = () => {}
  socket.on('data', (data) => {
    packets.push(String(data))
    look()
  })
  socket.write('GET / HTTP/1.1\r\nhost: here\r\n\r\n')
  const came = (text: string) =>
    new Promise<void>((resolve) => {
      look = () => packets.join('').includes(text) && resolve()
      look()
    })
  return { packets, came }
}

test('what a stream says at once goes with its headers, and its end too', async () => {
  const server = await serve(
    async () =>
      new Response(
        new ReadableStream({
          async pull(controller) {
            await null
            controller.enqueue(new TextEncoder().encode('data: 1'))
            controller.close()
          },
        }),
      ),
  )
  const { packets, came } = packetsOf(server)
  await came('data: 1')
  expect(packets[0]).toMatch(/^HTTP\/1.1 200 OK.*data: 1\r\n0\r\n\r\n$/s)
})

test('the headers of a stream that has nothing to say yet go at once', async () => {
  const say = Promise.withResolvers<void>()
  const server = await serve(
    async () =>
      new Response(
        new ReadableStream({
          async pull(controller) {
            await say.promise
            controller.enqueue(new TextEncoder().encode('data: 1'))
            controller.close()
          },
        }),
      ),
  )
  const { packets, came } = packetsOf(server)
  await came('\r\n\r\n')
  expect(packets.join('')).not.toContain('data: 1')
  say.resolve()
  await came('0\r\n\r\n')
  expect(packets.join('')).toContain('data: 1')
})
