import { createServer, type Server } from 'node:http'
import { text } from 'node:stream/consumers'
import { SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { until } from '../../../infrastructure/node/postgres/server-process.ts'
import { signServiceToken } from '../../../shared/http/service-token.ts'
import { openDatabase } from '../../harness/database.ts'
import { install } from '../../harness/installation.ts'
import { parsePrometheus } from '../../harness/prometheus-text.ts'
import { type SeparateDeployment, startSeparate } from '../../harness/separate-processes.ts'

const AGENTS = ['architect', 'ds_orchestrator', 'ds_analysts'] as const
const PORTS = { architect: 1, ds_orchestrator: 2, ds_analysts: 3, sandbox_runner: 4 }
const now = () => Date.now()

/** Who may call whom between services, by list S4 (OWASP LLM02, LLM03). */
describe('a service answers nobody else', () => {
  let team: SeparateDeployment
  beforeAll(async () => {
    team = await startSeparate({ sandbox: false })
  })
  afterAll(async () => {
    await team.stop()
  })
  const at = (service: keyof typeof PORTS, path: string) =>
    `http://127.0.0.1:${team.port + PORTS[service]}${path}`
  const call = (service: keyof typeof PORTS, token: string | null) =>
    fetch(at(service, service === 'sandbox_runner' ? '/status' : '/tasks'), {
      headers: token === null ? {} : { authorization: `Bearer ${token}` },
    })
  const claims = (audience: string) => ({
    secret: team.secret,
    issuer: 'architect',
    subject: 'anna',
    audience,
    scopes: ['a2a'],
    now,
  })

  const routes: readonly [string, string][] = [
    ['POST', '/'],
    ['POST', '/rpc'],
    ['POST', '/rpc/'],
    ['POST', '/message:send'],
    ['POST', '/message:stream'],
    ['GET', '/tasks'],
    ['GET', '/tasks/task_1'],
    ['POST', '/tasks/task_1:cancel'],
    ['GET', '/tasks/task_1:subscribe'],
    ['GET', '/extendedAgentCard'],
    ['GET', '/tasks/task_1/pushNotificationConfigs'],
    ['GET', '/status'],
    ['GET', '/metrics'],
    ['GET', '/nothing/here'],
    ['DELETE', '/tasks/task_1'],
    ['POST', '/health'],
  ]
  test.each(AGENTS)(
    '%s: every route but health, readiness and card is 401 without a token',
    async (service) => {
      for (const [method, path] of routes) {
        const body = method === 'POST' ? { body: '{}', headers: { 'content-type': 'application/json' } } : {}
        const response = await fetch(at(service, path), { method, ...body })
        expect([method, path, response.status]).toEqual([method, path, 401])
        expect(await response.text()).not.toMatch(/aether\.|secret/)
      }
      for (const path of ['/health', '/ready', '/.well-known/agent-card.json'])
        expect((await fetch(at(service, path))).status).toBe(200)
    },
  )

  test('the runner too', async () => {
    for (const [method, path] of [
      ['POST', '/run'],
      ['GET', '/status'],
      ['GET', '/metrics'],
    ] as const)
      expect((await fetch(at('sandbox_runner', path), { method })).status).toBe(401)
  })

  test.each([...AGENTS, 'sandbox_runner'] as const)('%s takes a token for itself alone', async (service) => {
    const others = Object.keys(PORTS).filter((one) => one !== service)
    expect((await call(service, await signServiceToken(claims(service)))).status).toBe(200)
    for (const audience of [...others, 'gateway', ''])
      expect((await call(service, await signServiceToken(claims(audience)))).status).toBe(401)
  })

  test.each([...AGENTS, 'sandbox_runner'] as const)(
    '%s shows its metrics to who may use it',
    async (service) => {
      const headers = { authorization: `Bearer ${await signServiceToken(claims(service))}` }
      await (await fetch(at(service, '/metrics'), { headers })).text()
      const scrape = parsePrometheus(await (await fetch(at(service, '/metrics'), { headers })).text())
      const requests = scrape.get('aether_http_requests_total')?.samples ?? []
      expect(requests.some(({ labels }) => labels.service === service && labels.route === '/metrics')).toBe(
        true,
      )
      expect(scrape.get('aether_build_info')?.samples[0]?.labels.mode).toBe('distributed')
      expect(scrape.has('aether_db_connections')).toBe(
        service === 'architect' || service === 'ds_orchestrator',
      )
      expect(scrape.has('aether_sandbox_up')).toBe(service === 'ds_analysts' || service === 'sandbox_runner')
    },
  )

  test('nothing but a fresh, whole token of ours opens it', async () => {
    const good = await signServiceToken(claims('architect'))
    const [head = '', body = '', signature = ''] = good.split('.')
    const forged = (change: object) => {
      const changed = { ...JSON.parse(Buffer.from(body, 'base64url').toString()), ...change }
      return [head, Buffer.from(JSON.stringify(changed)).toString('base64url'), signature].join('.')
    }
    const none = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')
    const longLived = await new SignJWT({ scope: 'a2a' })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer('architect')
      .setSubject('anna')
      .setAudience('architect')
      .setIssuedAt()
      .setExpirationTime('1h')
      .sign(new TextEncoder().encode(team.secret))
    const bad = {
      'no token': null,
      'an API key': team.key,
      'the secret itself': team.secret,
      'another secret': await signServiceToken({ ...claims('architect'), secret: 'another-secret-of-ours' }),
      expired: await signServiceToken({ ...claims('architect'), now: () => Date.now() - 400_000 }),
      'changed subject': forged({ sub: 'bert' }),
      'raised scope': forged({ scope: 'a2a *' }),
      'changed audience': forged({ aud: 'ds_analysts' }),
      'longer life': forged({ exp: 9_999_999_999 }),
      'signed for longer than tokens live': longLived,
      unsigned: `${none}.${body}.`,
      'cut off': good.slice(0, -5),
      'a serialised object': Buffer.from('{"__proto__":{"sub":"anna"}}').toString('base64'),
    }
    for (const [name, token] of Object.entries(bad))
      expect([name, (await call('architect', token)).status]).toEqual([name, 401])
    expect((await call('architect', good)).status).toBe(200)
  })

  test('a token of another scope is not enough', async () => {
    const token = await signServiceToken({ ...claims('architect'), scopes: ['read'] })
    expect((await call('architect', token)).status).toBe(403)
  })

  test('a token in the query is none', async () => {
    const token = await signServiceToken(claims('architect'))
    const query = `?access_token=${token}&authorization=Bearer%20${token}`
    expect((await fetch(at('architect', `/tasks${query}`))).status).toBe(401)
  })
})

/** What a service answers instead of an agent's stream; the message of the call names it. */
const FAULTS = {
  unauthenticated: (server) => server.writeHead(401, JSON_TYPE).end('{"error":{"code":"unauthenticated"}}'),
  broken: (server) => server.writeHead(500, JSON_TYPE).end('{"error":{"message":"secret-detail"}}'),
  bare: (server) => server.writeHead(500).end('secret-detail'),
  page: (server) => server.writeHead(200, { 'content-type': 'text/html' }).end('<h1>secret-detail</h1>'),
  garbage: (server) => server.writeHead(200, SSE_TYPE).end('data: {"secret-detail\n\n'),
  cut: (server) => server.writeHead(200, SSE_TYPE).end(': nothing follows\n\n'),
  gone: (server) => server.destroy(),
  silent: () => {},
} satisfies Record<string, (answer: import('node:http').ServerResponse) => unknown>
const JSON_TYPE = { 'content-type': 'application/json' }
const SSE_TYPE = { 'content-type': 'text/event-stream' }

describe('a service that is there, and is not what it should be', () => {
  /** Answers health as `health` says, tokens with 401, and calls with the fault that their text names. */
  async function serveFaults(health: string | null): Promise<{ url: string; server: Server }> {
    const server = createServer(async (request, response) => {
      if (request.url === '/health') return health === null ? undefined : response.end(health)
      if (request.method === 'GET') return response.writeHead(401).end()
      const body = await text(request)
      const name = Object.keys(FAULTS).find((one) => body.includes(`fault ${one}`)) as keyof typeof FAULTS
      FAULTS[name](response)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    return { server, url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}` }
  }

  test('is a typed error with its end, and is named', async () => {
    const database = await openDatabase()
    const health = JSON.stringify({ status: 'ok', service: 'architect', version: '1' })
    const faulty = { architect: await serveFaults(health), garbage: await serveFaults('<h1>hi</h1>') }
    const silent = await serveFaults(null)
    onTestFinished(async () => {
      for (const { server } of [faulty.architect, faulty.garbage, silent]) {
        server.closeAllConnections()
        server.close()
      }
      await database.drop()
    })
    const place = await install()
    const gateway = place.run('service', [], {
      AETHER_SERVICE: 'gateway',
      DATABASE_URL: database.url,
      ARCHITECT_SERVICE_URL: faulty.architect.url,
      DS_ORCHESTRATOR_URL: faulty.garbage.url,
      DS_ANALYSTS_URL: silent.url,
    })
    await until(() => gateway.output().includes('gateway is ready'), 30_000)
    const url = / at (http:\/\/[\d.:]+)\./.exec(gateway.output())?.[1]
    const headers = { 'x-api-key': place.variable('API_KEY'), 'content-type': 'application/json' }
    const chat = async (fault: string, stream: boolean) => {
      const response = await fetch(`${url}/v1/chat/completions`, {
        method: 'POST',
        headers,
        body: JSON.stringify({
          model: 'aether/architect',
          stream,
          messages: [{ role: 'user', content: `fault ${fault}` }],
        }),
      })
      return { status: response.status, body: await response.text() }
    }

    await Promise.all(
      Object.keys(FAULTS).map(async (fault) => {
        const { status, body } = await chat(fault, true)
        expect([fault, status]).toEqual([fault, 200])
        expect(body).toContain('"code":"agent_unavailable"')
        expect(body).toMatch(/data: \[DONE\]\s*$/)
        expect(body).not.toContain('secret-detail')
      }),
    )
    const whole = await chat('broken', false)
    expect([whole.status, JSON.parse(whole.body).error.code]).toEqual([503, 'agent_unavailable'])

    const status = (await (await fetch(`${url}/api/v1/status`, { headers })).json()) as {
      dependencies: { name: string; state: string; message: string | null; next: string | null }[]
    }
    const of = (name: string) => status.dependencies.find((one) => one.name === name)
    expect(of('architect')).toMatchObject({ state: 'down', message: 'It refuses our token.' })
    expect(of('architect')?.next).toContain('SERVICE_SECRET')
    expect(of('ds_orchestrator')).toMatchObject({
      state: 'down',
      message: expect.stringContaining('something else'),
    })
    expect(of('ds_analysts')).toMatchObject({ state: 'down', message: expect.stringContaining('in time') })
    expect((await fetch(`${url}/ready`)).status).toBe(503)
  })
})

describe('variables of a service', () => {
  test('all wrong ones are listed at once', async () => {
    const place = await install()
    const program = place.run('service', [], {
      AETHER_SERVICE: 'nobody',
      ARCHITECT_SERVICE_URL: 'architect',
      DS_ANALYSTS_URL: 'ftp://x',
      TURN_TIMEOUT_S: 'soon',
      SERVICE_SECRET: 'short',
    })
    expect(await program.ended).toEqual({ code: 1, signal: null })
    const names = program
      .output()
      .trim()
      .split('\n')
      .map((line) => line.split(' ')[0])
    expect(names.toSorted()).toEqual([
      'AETHER_SERVICE',
      'ARCHITECT_SERVICE_URL',
      'DS_ANALYSTS_URL',
      'SERVICE_SECRET',
      'TURN_TIMEOUT_S',
    ])
  })
})
