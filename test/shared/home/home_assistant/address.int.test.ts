import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { startFakeHomeAssistant } from '../../../fakes/home-assistant/server.ts'
import { smallWorld } from '../../../fakes/home-assistant/small-world.ts'
import { makeCertificate } from '../../../harness/certificate.ts'
import { freePorts } from '../../../harness/free-ports.ts'
import { connectTo, open } from '../../../harness/home-assistant.ts'

const forLoopback = () => makeCertificate('IP:127.0.0.1')
const forElsewhere = () => makeCertificate('DNS:elsewhere.example')

async function fakeWith(options: { tls?: { key: string; cert: string }; path?: string } = {}) {
  const fake = await startFakeHomeAssistant({ world: smallWorld(Date.now()), ...options })
  onTestFinished(() => fake.stop())
  return fake
}

/** `ok`, or the state in which the first read ends. */
async function stateAt(url: string, authorities?: string, token = 'fake-long-lived-token'): Promise<string> {
  const home = connectTo(
    { url, token },
    { ...(authorities === undefined ? {} : { authorities }), limits: { connectMs: 2_000, callMs: 4_000 } },
  )
  onTestFinished(() => home.close())
  await home.info(open()).catch(() => undefined)
  return home.health().code
}

async function serverOn(answer: (server: Server) => void): Promise<string> {
  const server = createServer()
  answer(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

it('http, with and without a trailing slash, with a page’s path, with /api', async () => {
  const { url } = await fakeWith()
  for (const end of ['', '/', '/lovelace/default_view', '/api/', '/api/websocket', '/?x=1'])
    expect(await stateAt(`${url}${end}`)).toBe('ok')
})

it('below a path, as behind a proxy', async () => {
  const { url } = await fakeWith({ path: '/ha' })
  for (const end of ['', '/']) expect(await stateAt(`${url}${end}`)).toBe('ok')
})

it('https with an own authority works once that is named, and says what to do before', async () => {
  const tls = forLoopback()
  const { url } = await fakeWith({ tls })
  expect(await stateAt(url, tls.cert)).toBe('ok')
  expect(await stateAt(url)).toBe('untrusted')
  expect(await stateAt(url, forElsewhere().cert)).toBe('untrusted')
})

it('a certificate for another name is told apart', async () => {
  const tls = forElsewhere()
  const { url } = await fakeWith({ tls })
  expect(await stateAt(url, tls.cert)).toBe('wrong_name')
})

it('http spoken to an https port, and https to an http port', async () => {
  const secure = await fakeWith({ tls: forLoopback() })
  expect(await stateAt(secure.url.replace('https:', 'http:'))).toBe('speaks_https')
  const plain = await fakeWith()
  expect(await stateAt(plain.url.replace('http:', 'https:'))).toBe('speaks_http')
})

it('nobody there, an unknown host, somebody else, and one that refuses', async () => {
  const port = await freePorts(1)
  expect(await stateAt(`http://127.0.0.1:${port}`)).toBe('unreachable')
  const other = await serverOn((server) =>
    server.on('request', (_request, response) => response.end('hello')),
  )
  expect(await stateAt(other)).toBe('not_home_assistant')
  const banned = await serverOn((server) =>
    server.on('request', (_request, response) => {
      response.writeHead(403)
      response.end()
    }),
  )
  expect(await stateAt(banned)).toBe('refused')
  const moved = await serverOn((server) =>
    server.on('request', (_request, response) => {
      response.writeHead(301, { location: 'https://127.0.0.1/' })
      response.end()
    }),
  )
  expect(await stateAt(moved)).toBe('speaks_https')
})

it('pages without a WebSocket, as behind a proxy that does not pass it on', async () => {
  const url = await serverOn((server) =>
    server.on('request', (_request, response) => response.end('{"name":"Home Assistant"}')),
  )
  expect(await stateAt(url)).toBe('no_socket')
})
