import { describe, expect, it } from 'vitest'
import { createSandboxRunner } from '../../../functions/sandbox_runner/handler.ts'
import { createLog } from '../../../shared/config/log.ts'
import { createSecret } from '../../../shared/config/secret.ts'
import { createNewId } from '../../../shared/domain/ids.ts'
import { steadyNow } from '../../../shared/domain/time/steady.ts'
import { createMetrics } from '../../../shared/http/metrics.ts'
import { serviceAuth, signServiceToken } from '../../../shared/http/service-token.ts'
import { createSandboxClient } from '../../../shared/sandbox/client.ts'
import { DEFAULT_LIMITS } from '../../../shared/sandbox/limits.ts'
import { unavailableResult } from '../../../shared/sandbox/unavailable.ts'
import { createFakeSandbox, type FakeSandbox } from '../../fakes/sandbox.ts'

const SECRET = 'a-service-secret-of-thirty-two-bytes'
const now = () => Date.now()

function runner(sandbox: FakeSandbox) {
  const lines: string[] = []
  const log = createLog({
    write: (line) => lines.push(line),
    level: 'info',
    service: 'sandbox_runner',
    now,
    secrets: [SECRET],
  })
  const authenticate = serviceAuth({ secret: SECRET, audience: 'sandbox_runner', now })
  const metricsAccess = { open: false, token: createSecret('scrape-me') }
  const newId = createNewId(now)
  const metrics = createMetrics()
  const app = createSandboxRunner({ sandbox, authenticate, log, newId, now, metrics, metricsAccess })
  return { app, lines }
}

const token = (audience = 'sandbox_runner') =>
  signServiceToken({ secret: SECRET, issuer: 'ds_analysts', subject: 'user-1', audience, scopes: [], now })

async function post(
  app: ReturnType<typeof runner>['app'],
  body: unknown,
  headers: Record<string, string> = {},
) {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return await app.request('/run', {
    method: 'POST',
    body: text,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${await token()}`, ...headers },
  })
}

describe('POST /run', () => {
  it('answers 200 with the result of a script that ran', async () => {
    const sandbox = createFakeSandbox({
      stdout: 'x',
      result: { keptKey: 1 },
      metrics: [{ name: 'm', value: 1, unit: 'kWh', at: null }],
      artifacts: [
        { name: 'a.csv', type: 'text/csv', bytes: 1, content: 'x', encoding: 'utf8' },
        { name: 'b.png', type: 'image/png', bytes: 1, content: 'AA==', encoding: 'base64' },
      ],
      artifactsRefused: [{ name: 'c', reason: 'why' }],
      telemetry: { spans: [{ name: 'run', start: 1, end: 2 }], counters: { runs: 1 } },
      timings: { run_ms: 3 },
    })
    const response = await post(runner(sandbox).app, {
      script: 'print("x")',
      files: [
        { name: 'a.csv', content: '1' },
        { name: 'b', content_base64: 'AA==' },
      ],
      limits: { wall_ms: 1_000 },
    })
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({
      exit_class: 'ok',
      exit_code: 0,
      error_class: null,
      stdout: 'x',
      stderr: '',
      result: { keptKey: 1 },
      metrics: [{ name: 'm', value: 1, unit: 'kWh', at: null }],
      artifacts: [
        { name: 'a.csv', type: 'text/csv', bytes: 1, content: 'x' },
        { name: 'b.png', type: 'image/png', bytes: 1, content_base64: 'AA==' },
      ],
      artifacts_refused: [{ name: 'c', reason: 'why' }],
      telemetry: { spans: [{ name: 'run', start: 1, end: 2 }], counters: { runs: 1 } },
      timings: { run_ms: 3 },
      tier: 'gvisor',
    })
    expect(sandbox.jobs[0]).toMatchObject({
      user: 'user-1',
      job: {
        script: 'print("x")',
        files: [
          { name: 'a.csv', content: '1' },
          { name: 'b', content: 'AA==', encoding: 'base64' },
        ],
        limits: { ...DEFAULT_LIMITS, wallMs: 1_000 },
      },
    })
  })

  it.each(['error', 'timeout', 'memory', 'output', 'killed'] as const)(
    'answers 200 for a script that ended as %s',
    async (exitClass) => {
      const response = await post(runner(createFakeSandbox({ exitClass, exitCode: null })).app, {
        script: 'x',
      })
      expect(response.status).toBe(200)
      expect(await response.json()).toMatchObject({ exit_class: exitClass, exit_code: null })
    },
  )

  it('answers 503 in the error shape where nothing ran, and tells clients not to repeat it', async () => {
    const { app } = runner(createFakeSandbox(unavailableResult('gVisor is not installed: run make setup.')))
    const response = await post(app, { script: 'x' })
    expect(response.status).toBe(503)
    expect(response.headers.get('x-should-retry')).toBe('false')
    expect(await response.json()).toEqual({
      error: {
        message: 'gVisor is not installed: run make setup.',
        type: 'server_error',
        param: null,
        code: 'sandbox_unavailable',
      },
    })
  })

  it.each<[unknown, number, string | null]>([
    ['{', 400, null],
    ['null', 400, null],
    ['[]', 400, 'script'],
    [{}, 400, 'script'],
    [{ script: 'x', files: [{ name: '../x', content: '' }] }, 400, 'files[0].name'],
    [{ script: 'x'.repeat(200_001) }, 413, 'script'],
  ])('refuses %j', async (body, status, param) => {
    const sandbox = createFakeSandbox()
    const response = await post(runner(sandbox).app, body)
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({ error: { param } })
    expect(sandbox.jobs).toEqual([])
  })

  it('takes files beyond the usual limit of a body, up to its own', async () => {
    const { app } = runner(createFakeSandbox())
    const content = 'x'.repeat(8_388_608)
    expect((await post(app, { script: 'x', files: [{ name: 'a', content }] })).status).toBe(200)
    expect(
      (await post(app, { script: 'x', files: [{ name: 'a', content: content + content }] })).status,
    ).toBe(413)
  })

  it.each<[string, () => Promise<Record<string, string>>]>([
    ['no token', async () => ({ authorization: '' })],
    ['a token for another service', async () => ({ authorization: `Bearer ${await token('architect')}` })],
    ['a token that is none', async () => ({ authorization: 'Bearer x.y.z' })],
  ])('401 with %s, and nothing runs', async (_, headers) => {
    const sandbox = createFakeSandbox()
    const { app } = runner(sandbox)
    expect((await post(app, { script: 'x' }, await headers())).status).toBe(401)
    expect((await app.request('/status', { headers: await headers() })).status).toBe(401)
    expect(sandbox.jobs).toEqual([])
  })

  it('keeps to the caller’s budget, and to its own most', async () => {
    const sandbox = createFakeSandbox()
    const { app } = runner(sandbox)
    const before = steadyNow()
    await post(app, { script: 'x' }, { 'aether-deadline-ms': '5000' })
    await post(app, { script: 'x' }, { 'aether-deadline-ms': '999999999' })
    const after = steadyNow()
    const [short, long] = sandbox.jobs.map((job) => job.deadline)
    expect(short).toBeGreaterThanOrEqual(before + 5_000)
    expect(short).toBeLessThanOrEqual(after + 5_000)
    expect(long).toBeLessThanOrEqual(after + 300_000)
  })

  it('logs how it ended, never what was in it', async () => {
    const { app, lines } = runner(createFakeSandbox({ stdout: 'private-output' }))
    await post(app, { script: 'private-script', files: [{ name: 'private-name', content: 'private-data' }] })
    expect(lines.join('\n')).toContain('"exit_class":"ok"')
    expect(lines.join('\n')).not.toContain('private')
  })
})

describe('probes', () => {
  it('are open and say how it is', async () => {
    const { app } = runner(createFakeSandbox())
    expect(await (await app.request('/health')).json()).toEqual({ status: 'ok', service: 'sandbox_runner' })
    expect((await app.request('/ready')).status).toBe(200)
    const status = await app.request('/status', { headers: { authorization: `Bearer ${await token()}` } })
    expect(await status.json()).toEqual({
      tier: 'gvisor',
      runsc: 'release-20240729.0',
      platform: 'systrap',
      reason: null,
    })
  })

  it('tell a missing sandbox: not ready, yet up', async () => {
    const gone = { tier: 'unavailable' as const, runsc: null, platform: null, reason: 'Run make setup.' }
    const { app } = runner(createFakeSandbox({}, gone))
    expect((await app.request('/health')).status).toBe(200)
    const ready = await app.request('/ready')
    expect(ready.status).toBe(503)
    expect(await ready.json()).toMatchObject({
      error: { code: 'sandbox_unavailable', message: 'Run make setup.' },
    })
    const status = await app.request('/status', { headers: { authorization: `Bearer ${await token()}` } })
    expect(status.status).toBe(200)
    expect(await status.json()).toEqual(gone)
  })
})

describe('GET /metrics', () => {
  it('counts requests, for a scraper and for who may use the runner', async () => {
    const { app } = runner(createFakeSandbox())
    await post(app, { script: 'x' })
    for (const bearer of ['scrape-me', await token()]) {
      const response = await app.request('/metrics', { headers: { authorization: `Bearer ${bearer}` } })
      expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
      const text = await response.text()
      expect(text).toContain('aether_http_requests_total{method="POST",route="/run",status="2xx"} 1\n')
    }
  })

  it('is closed to others', async () => {
    const { app } = runner(createFakeSandbox())
    expect((await app.request('/metrics')).status).toBe(401)
    const headers = { authorization: `Bearer ${await token('architect')}` }
    expect((await app.request('/metrics', { headers })).status).toBe(401)
  })
})

describe('the client with the runner’s own fetch', () => {
  const through = (sandbox: FakeSandbox) => {
    const { app } = runner(sandbox)
    return createSandboxClient({
      url: 'http://runner',
      fetch: async (r) => app.fetch(r),
      token: () => token(),
      now,
    })
  }
  const job = { script: 'x', files: [], limits: DEFAULT_LIMITS }
  const options = () => ({ signal: new AbortController().signal, deadline: now() + 10_000, user: 'user-1' })

  it('carries results, unavailability and status', async () => {
    expect(await through(createFakeSandbox({ result: [1] })).run(job, options())).toMatchObject({
      exitClass: 'ok',
      result: [1],
    })
    const gone = await through(createFakeSandbox(unavailableResult('no runsc'))).run(job, options())
    expect(gone).toMatchObject({ exitClass: 'unavailable', stderr: 'no runsc', tier: 'unavailable' })
    expect(await through(createFakeSandbox()).status(options().signal)).toMatchObject({ tier: 'gvisor' })
  })

  it('an abort reaches the script', async () => {
    const inner = createFakeSandbox('wait')
    const controller = new AbortController()
    const running = through(inner).run(job, { ...options(), signal: controller.signal })
    setTimeout(() => controller.abort(), 20)
    expect(await running).toMatchObject({ exitClass: 'killed' })
    expect(inner.jobs).toHaveLength(1)
  })
})
