import { beforeEach, describe, expect, test } from 'vitest'
import { createSecret } from '../../../../shared/config/secret.ts'
import { createGate, createScriptedAgent, resultEvent } from '../../../fakes/scripted-agent.ts'
import { withDatabase } from '../../../harness/database.ts'
import { parsePrometheus } from '../../../harness/prometheus-text.ts'
import { json } from '../sse.ts'
import {
  ask,
  clearTables,
  conversationIdOf,
  createEchoAgent,
  createTestGateway,
  KEY,
  OTHER_KEY,
  READ_KEY,
  runIdOf,
} from '../support.ts'

const database = withDatabase()
beforeEach(() => clearTables(database.db))

describe('models', () => {
  test('are agents, with no null in them', async () => {
    const t = createTestGateway(database.db, createEchoAgent())
    for (const path of ['/api/v1/models', '/v1/models', '/v1/models/']) {
      const body = await json(await t.request(path))
      expect(body.object).toBe('list')
      expect(body.data.map((model: { id: string }) => model.id)).toEqual([
        'aether/auto',
        'aether/architect',
        'aether/energy',
        'aether/behavioral',
        'aether/diagnostic',
        'aether/utility',
      ])
      expect(JSON.stringify(body)).not.toContain('null')
    }
  })

  test.each(['/api/v1/models/aether/auto', '/api/v1/models/aether%2Fauto', '/v1/models/aether%2Fauto'])(
    '%s',
    async (path) => {
      const t = createTestGateway(database.db, createEchoAgent())
      const response = await t.request(path)
      expect(response.status).toBe(200)
      expect(await json(response)).toMatchObject({ id: 'aether/auto', object: 'model', owned_by: 'aether' })
    },
  )

  test.each(['/api/v1/models/aether/cook', '/api/v1/models/gpt-4o'])('%s is not there', async (path) => {
    const t = createTestGateway(database.db, createEchoAgent())
    const response = await t.request(path)
    expect(response.status).toBe(404)
    expect((await json(response)).error.code).toBe('model_not_found')
  })
})

describe('conversations', () => {
  test("lists the owner's alone, newest first, in pages", async () => {
    const t = createTestGateway(database.db, createEchoAgent())
    const ids: string[] = []
    for (const question of ['one', 'two', 'three']) {
      ids.unshift(conversationIdOf(await t.chat(ask(question))))
      t.clock.ahead += 10
    }
    await t.chat(ask('secret'), { key: OTHER_KEY })
    const page = await json(await t.request('/api/v1/conversations?limit=2'))
    expect(page).toMatchObject({ object: 'list', has_more: true })
    expect(page.data.map((c: { id: string }) => c.id)).toEqual(ids.slice(0, 2))
    expect(page.data[0]).toMatchObject({ title: 'three', created_at: expect.any(String) })
    const rest = await json(await t.request(`/api/v1/conversations?before=${ids[1]}`))
    expect(rest.data.map((c: { id: string }) => c.id)).toEqual(ids.slice(2))
    expect(rest.has_more).toBe(false)
  })

  test.each(['0', '201', 'x', '1.5'])('a limit of %s is refused', async (limit) => {
    const t = createTestGateway(database.db, createEchoAgent())
    const response = await t.request(`/api/v1/conversations?limit=${limit}`)
    expect(response.status).toBe(400)
    expect((await json(response)).error.param).toBe('limit')
  })

  test('deleting takes messages and runs along, and stops what runs', async () => {
    const gate = createGate()
    const agent = createScriptedAgent(() => [{ wait: gate.opened }, resultEvent('x')])
    const t = createTestGateway(database.db, agent)
    const open = await t.chat(ask('hi', { stream: true }))
    const path = `/api/v1/conversations/${conversationIdOf(open)}`
    expect((await t.request(path, { method: 'DELETE', key: OTHER_KEY })).status).toBe(404)
    expect((await t.request(path, { method: 'DELETE', key: READ_KEY })).status).toBe(403)
    const response = await t.request(path, { method: 'DELETE' })
    expect(await json(response)).toMatchObject({ deleted: true })
    expect(await open.text()).toContain('cancelled')
    await t.settled()
    expect(agent.calls.every(({ call }) => call.signal.aborted)).toBe(true)
    expect((await t.request(path)).status).toBe(404)
    expect((await t.request(`/api/v1/runs/${runIdOf(open)}`)).status).toBe(404)
    expect((await t.request(path, { method: 'DELETE' })).status).toBe(404)
  })

  test("somebody else's is not there", async () => {
    const t = createTestGateway(database.db, createEchoAgent())
    const id = conversationIdOf(await t.chat(ask('hi')))
    expect((await t.request(`/api/v1/conversations/${id}`, { key: OTHER_KEY })).status).toBe(404)
  })
})

describe('analyses', () => {
  test("reads by the owner, in our JSON's shape", async () => {
    const asked: unknown[] = []
    const analysis = {
      id: 'ana_1',
      runId: 'run_1',
      question: 'q',
      window: { start: 'a', end: 'b', timeZone: 'Europe/Berlin' },
      confidence: 0.9,
      attempts: [],
      findings: [],
      metrics: [],
      scripts: [],
      artifacts: [],
    }
    const t = createTestGateway(database.db, createEchoAgent(), {
      readAnalysis: async (input) => {
        asked.push(input)
        return input.id === 'ana_1' ? analysis : null
      },
    })
    expect(await json(await t.request('/api/v1/analyses/ana_1'))).toMatchObject({
      id: 'ana_1',
      run_id: 'run_1',
      window: { time_zone: 'Europe/Berlin' },
    })
    expect((await t.request('/api/v1/analyses/ana_2')).status).toBe(404)
    expect(asked[0]).toEqual({ id: 'ana_1', owner: 'key_alice' })
  })
})

describe('health, readiness, status, metrics', () => {
  const probe = (name: string, required: boolean, state: 'ok' | 'down') => ({
    name,
    kind: 'home' as const,
    required,
    check: async () => ({ state, next: 'Look at the cable.' }),
  })

  test('health and readiness need no key; only what is required decides', async () => {
    const probes = [probe('home', true, 'ok'), probe('sandbox', false, 'down')]
    const t = createTestGateway(database.db, createEchoAgent(), { probes })
    for (const path of ['/health', '/ready', '/api/v1/health', '/api/v1/ready', '/'])
      expect((await t.request(path, { key: null })).status).toBe(200)
    const broken = createTestGateway(database.db, createEchoAgent(), {
      probes: [probe('home', true, 'down')],
    })
    const response = await broken.request('/ready', { key: null })
    expect(response.status).toBe(503)
    expect(await json(response)).toEqual({ status: 'not_ready', missing: ['home'] })
  })

  test('a draining process is not ready, but healthy', async () => {
    const t = createTestGateway(database.db, createEchoAgent())
    await t.gateway.drain(0)
    expect((await t.request('/ready')).status).toBe(503)
    expect((await t.request('/health')).status).toBe(200)
  })

  test('status is always 200, wants the key, and names what to do next', async () => {
    const t = createTestGateway(database.db, createEchoAgent(), {
      probes: [probe('home', true, 'down')],
      describe: () => Promise.reject(new Error('x')),
    })
    expect((await t.request('/api/v1/status', { key: null })).status).toBe(401)
    const response = await t.request('/api/v1/status')
    expect(response.status).toBe(200)
    expect(await json(response)).toMatchObject({
      version: '0.0.1',
      mode: 'monolith',
      dependencies: [{ name: 'home', kind: 'home', state: 'down', next: 'Look at the cable.' }],
      home: null,
      model: 'test-model',
    })
  })

  test('status answers also while the database does not, to a key that was good before', async () => {
    let away = false
    const find = async (secret: string) => {
      if (away) await new Promise(() => {})
      return secret === KEY ? { id: 'key_alice', name: 'alice', scopes: ['*'] } : null
    }
    const probes = [{ ...probe('postgres', true, 'ok'), check: () => new Promise<never>(() => {}) }]
    const limits = { storageMs: 20, statusKeyMs: 10, probeMs: 10 }
    const t = createTestGateway(database.db, createEchoAgent(), { find, probes, limits })
    expect((await t.request('/api/v1/models')).status).toBe(200)
    away = true
    expect((await t.request('/api/v1/models')).status).toBe(503)
    const response = await t.request('/api/v1/status')
    expect(response.status).toBe(200)
    expect(await json(response)).toMatchObject({ dependencies: [{ name: 'postgres', state: 'down' }] })
    expect((await t.request('/api/v1/status', { key: 'another' })).status).toBe(503)
  })

  test('metrics count requests and runs by state', async () => {
    const t = createTestGateway(database.db, createEchoAgent())
    await t.chat(ask('hi'))
    await t.chat({ messages: [] })
    const text = await (await t.request('/metrics', { key: null })).text()
    expect(text).toContain('aether_runs{state="completed"} 1\n')
    expect(text).toContain('aether_runs{state="running"} 0\n')
    const asked = 'aether_http_requests_total{method="POST",route="/api/v1/chat/completions"'
    expect(text).toContain(`${asked},status="2xx"} 1\n`)
    expect(text).toContain(`${asked},status="4xx"} 1\n`)
    expect(text).toContain('aether_runs_active 0\n')
    expect(text).toContain('aether_run_events_waiting 0\n')
    expect(text).toContain('aether_run_ends_total{agent="auto",state="completed"} 1\n')
    expect(text).toContain('aether_run_first_text_seconds_count{agent="auto"} 1\n')
    expect(parsePrometheus(text).size).toBeGreaterThan(10)
  })

  test('metrics that are not open want their own token, or a key', async () => {
    const metricsAccess = { open: false, token: createSecret('scrape-me') }
    const t = createTestGateway(database.db, createEchoAgent(), { metricsAccess })
    expect((await t.request('/metrics', { key: null })).status).toBe(401)
    expect((await t.request('/metrics', { key: 'another' })).status).toBe(401)
    expect((await t.request('/metrics', { key: 'scrape-me' })).status).toBe(200)
    expect((await t.request('/metrics')).status).toBe(200)
  })
})

describe('hostile bytes', () => {
  test('NUL and half a surrogate pair in texts and ids do no harm', async () => {
    const t = createTestGateway(database.db, createEchoAgent())
    const response = await t.chat({
      messages: [{ role: 'user', content: 'a\u0000b\ud800' }],
      conversation_id: 'c\u0000',
      metadata: { session_id: '\u0000' },
      stop: ['\u0000never'],
      response_format: { type: 'json_schema', json_schema: { name: '\u0000' } },
    })
    expect(response.status).toBe(200)
    expect((await json(response)).choices[0].message.content).toBe('Answer to: a\ufffdb\ufffd')
    expect((await t.chat(ask('x', { conversation_id: 'conv_\u0000' }))).status).toBe(404)
  })

  test.each([
    ['/api/v1/runs/%00', 404],
    ['/api/v1/runs/%00/events', 404],
    ['/api/v1/conversations/..%2F', 404],
    ['/api/v1/analyses/%00', 404],
    ['/api/v1/conversations?before=%00', 400],
  ])('%s', async (path, status) => {
    const t = createTestGateway(database.db, createEchoAgent())
    expect((await t.request(path)).status).toBe(status)
  })
})

describe('paths', () => {
  test('what is not there and what takes another method, in the shape of OpenAI', async () => {
    const t = createTestGateway(database.db, createEchoAgent())
    const missing = await t.request('/api/v1/nope')
    expect(missing.status).toBe(404)
    expect((await json(missing)).error.code).toBe('not_found')
    const method = await t.request('/api/v1/chat/completions')
    expect(method.status).toBe(405)
    expect(method.headers.get('allow')).toBe('POST')
  })

  test('pages of an allowed origin may read streams and our headers; others not', async () => {
    const t = createTestGateway(database.db, createEchoAgent(), { corsOrigins: ['https://home.example'] })
    const good = await t.chat(ask('hi', { stream: true }), { headers: { origin: 'https://home.example' } })
    expect(good.headers.get('access-control-allow-origin')).toBe('https://home.example')
    expect(good.headers.get('access-control-expose-headers')).toContain('X-Aether-Run-Id')
    await good.text()
    const bad = await t.request('/api/v1/models', { headers: { origin: 'https://evil.example' } })
    expect(bad.headers.get('access-control-allow-origin')).toBeNull()
    const preflight = await t.request('/api/v1/chat/completions', {
      method: 'OPTIONS',
      key: null,
      headers: { origin: 'https://home.example', 'access-control-request-method': 'POST' },
    })
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-headers')).toContain('Idempotency-Key')
  })
})
