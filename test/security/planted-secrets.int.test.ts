import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createOtlpReceiver } from '../fakes/otlp-receiver.ts'
import { readSpans } from '../harness/spans.ts'
import { wholeProcess } from '../harness/whole-process.ts'

/** Every secret that was planted, by where. */
const planted = new Map<string, string>()

function plant(where: string): string {
  const secret = `${randomBytes(12).toString('hex')}PLANTED`
  planted.set(where, secret)
  return secret
}

/** A server of others that answers every request with a fault which repeats all that it was sent, and a secret of its own. */
async function gossip(own: string): Promise<{ url: string; heard: () => number; stop(): Promise<void> }> {
  let heard = 0
  const tell = async (request: IncomingMessage) => {
    heard++
    let body = ''
    for await (const chunk of request) body += String(chunk)
    return JSON.stringify({ error: { message: `${own} refuses ${JSON.stringify(request.headers)} ${body}` } })
  }
  const server: Server = createServer((request, response) => {
    void tell(request).then((text) =>
      response.writeHead(heard % 2 ? 401 : 500, { 'content-type': 'application/json' }).end(text),
    )
  })
  server.on('upgrade', (request, socket) => {
    heard++
    socket.end(`HTTP/1.1 403 Forbidden\r\nx-own: ${own}\r\n\r\n${own} ${JSON.stringify(request.headers)}`)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard: () => heard,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

/** What went out to anybody, by where. */
const out = new Map<string, string>()
const servers: Awaited<ReturnType<typeof gossip>>[] = []

/** Sends everything that a client could send, each with a secret in it, and keeps all that comes back. */
async function probe(name: string, env: Readonly<Record<string, string>>): Promise<void> {
  const aether = await wholeProcess({
    RUNSC_PATH: '/nowhere/runsc',
    LOG_LEVEL: 'debug',
    API_KEY: plant(`${name} API_KEY`),
    SERVICE_SECRET: plant(`${name} SERVICE_SECRET`),
    METRICS_TOKEN: plant(`${name} METRICS_TOKEN`),
    ...env,
  })
  try {
    const send = async (
      path: string,
      init: { method?: string; headers?: Record<string, string>; body?: unknown } = {},
    ): Promise<Response> => {
      const { body, headers = {}, method = body === undefined ? 'GET' : 'POST' } = init
      const response = await aether.fetch(path, {
        method,
        headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
      const text = `${[...response.headers].join('\n')}\n${await response.clone().text()}`
      out.set(`${name} ${out.size} ${method} answer ${response.status}`, text)
      return response
    }
    const chat = '/api/v1/chat/completions'
    const ask = (content: string, more: object = {}) => ({
      model: 'aether/auto',
      messages: [{ role: 'user', content }],
      ...more,
    })

    // Headers, on a request that is refused and on one that is served.
    const headers = {
      cookie: `session=${plant(`${name} cookie`)}`,
      'proxy-authorization': `Basic ${plant(`${name} proxy-authorization`)}`,
      'x-any': plant(`${name} unknown header`),
      'user-agent': plant(`${name} user-agent`),
      referer: `http://x/${plant(`${name} referer`)}`,
      'x-request-id': `not well formed ${plant(`${name} x-request-id`)}`,
      traceparent: plant(`${name} traceparent`),
      baggage: `a=${plant(`${name} baggage`)}`,
    }
    await send('/api/v1/models', { headers })
    await send('/api/v1/models', {
      headers: {
        ...headers,
        authorization: `Bearer ${plant(`${name} wrong bearer`)}`,
        'x-api-key': plant(`${name} wrong x-api-key`),
        'api-key': plant(`${name} wrong api-key`),
      },
    })
    // Addresses.
    await send(`/api/v1/models?key=${plant(`${name} query key`)}&x=${plant(`${name} query x`)}`)
    await send(`/api/v1/runs/${plant(`${name} path`)}`)
    await send(`/${plant(`${name} unknown path`)}`)
    // Bodies that are refused.
    await send(chat, { body: `{"messages": ${plant(`${name} broken JSON`)}` })
    await send(chat, { body: { messages: [{ role: plant(`${name} role`), content: 'x' }] } })
    await send(chat, { body: ask('x', { agent: plant(`${name} agent`) }) })
    await send(chat, { body: ask('x', { stream: plant(`${name} stream`) }) })
    await send(chat, {
      body: ask('x', { response_format: { type: 'json_schema', x: plant(`${name} response_format`) } }),
    })
    await send('/a2a', {
      body: {
        jsonrpc: '2.0',
        id: 1,
        method: 'SendMessage',
        params: { message: { role: plant(`${name} A2A role`) } },
      },
    })
    // A body that is taken.
    const taken = await send(chat, {
      headers: { 'idempotency-key': plant(`${name} idempotency-key`) },
      body: ask('Analyze my energy usage', {
        stream: true,
        aether: { events: true },
        user: plant(`${name} user`),
        metadata: { note: plant(`${name} metadata`) },
        conversation_id: plant(`${name} conversation_id`),
        tools: [
          { type: 'function', function: { name: 'f', description: plant(`${name} tool description`) } },
        ],
        unknown: plant(`${name} unknown field`),
      }),
    })
    const run = taken.headers.get('x-aether-run-id')
    await send(`/api/v1/runs/${run}`)
    await send(`/api/v1/runs/${run}/events`)
    await send(chat, { body: ask(plant(`${name} background task`), { model: 'aether/utility' }) })
    await send('/api/v1/status')
    await send('/metrics')
    await send('/metrics', { headers: { authorization: `Bearer ${env.METRICS_TOKEN ?? 'none'}` } })
    await send('/ready')
  } finally {
    await aether.stop()
    out.set(`${name} log`, aether.output())
  }
}

/** A trace server that takes everything, until it is told to refuse. */
const traces = await createOtlpReceiver()

beforeAll(async () => {
  const provider = await gossip(plant('own secret of the provider'))
  const assistant = await gossip(plant('own secret of Home Assistant'))
  servers.push(provider, assistant)
  const model = { LLM_BASE_URL: `${provider.url}/v1`, LLM_MODEL: 'any' }
  const tracing = (name: string) => ({
    OTEL_EXPORTER_OTLP_ENDPOINT: traces.url,
    OTEL_EXPORTER_OTLP_HEADERS: `x-key=${plant(`${name} OTEL_EXPORTER_OTLP_HEADERS`)}`,
  })
  await probe('provider', { ...model, ...tracing('provider'), LLM_API_KEY: plant('LLM_API_KEY') })
  await probe('home', {
    ...tracing('home'),
    TRACE_CONTENT: 'off',
    HA_URL: assistant.url,
    HA_TOKEN: plant('HA_TOKEN'),
  })
}, 120_000)
afterAll(async () => {
  for (const server of servers) await server.stop()
  await traces.close()
})

test('the servers of others were asked, and the log says so', () => {
  expect(planted.size).toBeGreaterThan(30)
  for (const server of servers) expect(server.heard()).toBeGreaterThan(0)
  expect(out.get('provider log')).toContain('LLM_UNAVAILABLE')
  expect(out.get('home log')).toContain('"outcome":"failed"')
})

test('a database that refuses is told without its password', async () => {
  const password = plant('password of the database')
  const url = `postgres://someone:${password}@127.0.0.1:1/aether`
  const fault: unknown = await wholeProcess({ DATABASE_URL: url }).catch((error: unknown) => error)
  const told = fault instanceof Error ? fault.message : 'it started'
  expect(told).toContain('DATABASE_URL: the database does not answer')
  out.set('start fault', told)
})

test('no planted secret comes out in a log, a metric, an answer or an event', () => {
  const leaks = [...planted].flatMap(([where, secret]) =>
    [...out].filter(([, text]) => text.includes(secret)).map(([place]) => `${where} → ${place}`),
  )
  expect(leaks).toEqual([])
})

test('no planted secret comes out in a trace, but for what a person said where contents are traced', () => {
  const bodies = traces.exports.map(({ body }) => Buffer.from(body).toString())
  expect(
    bodies.flatMap((_, i) => readSpans(traces.exports[i]?.body ?? new Uint8Array())).length,
  ).toBeGreaterThan(5)
  const leaks = [...planted].filter(([, secret]) => bodies.some((text) => text.includes(secret)))
  expect(leaks.map(([where]) => where)).toEqual(['provider background task'])
})
