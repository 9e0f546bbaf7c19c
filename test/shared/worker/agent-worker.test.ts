import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import architect from '../../../functions/architect/worker.ts'
import analysts from '../../../functions/ds_analysts/worker.ts'
import { signServiceToken } from '../../../shared/http/service-token.ts'
import type { Worker } from '../../../shared/worker/bindings.ts'

const SERVICE_SECRET = 'secret-of-the-test'
const env = { SERVICE_SECRET, AETHER_VERSION: '1.2.3', DEMO_NOW: '2026-11-24T10:00:00Z' }

const lines: string[] = []
beforeEach(() => {
  vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line))
})
afterEach(() => {
  vi.restoreAllMocks()
  lines.length = 0
})

/** Asks a worker as the platform does, and waits for the work that it leaves. */
async function ask(worker: Worker, path: string, bindings: object = env, init: RequestInit = {}) {
  const waits: Promise<unknown>[] = []
  const context = { waitUntil: (work: Promise<unknown>) => void waits.push(work) }
  const request = new Request(`http://analysts.internal${path}`, init)
  const response = await worker.fetch(request, { ...bindings }, context)
  const body = await response.text()
  await Promise.all(waits)
  return { status: response.status, body }
}

describe('the worker of an agent', () => {
  it('is the handler, with version and address from its bindings', async () => {
    const health = await ask(analysts, '/health')
    expect(JSON.parse(health.body)).toEqual({ status: 'ok', service: 'ds_analysts', version: '1.2.3' })
    const card = await ask(analysts, '/.well-known/agent-card.json')
    expect(JSON.parse(card.body).supportedInterfaces[0].url).toBe('http://analysts.internal/')
    expect((await ask(analysts, '/ready')).status).toBe(200)
  })

  it('lets nobody in without a token for it', async () => {
    expect((await ask(analysts, '/tasks')).status).toBe(401)
    const token = await signServiceToken({
      secret: SERVICE_SECRET,
      issuer: 'gateway',
      subject: 'somebody',
      audience: 'ds_analysts',
      scopes: ['a2a'],
      now: Date.now,
    })
    const headers = { authorization: `Bearer ${token}` }
    expect((await ask(analysts, '/tasks', env, { headers })).status).toBe(200)
  })

  it('says of a sandbox that nothing names why there is none', async () => {
    const token = await signServiceToken({
      secret: SERVICE_SECRET,
      issuer: 'gateway',
      subject: 'status',
      audience: 'ds_analysts',
      scopes: ['a2a'],
      now: Date.now,
    })
    const { body } = await ask(analysts, '/status', env, { headers: { authorization: `Bearer ${token}` } })
    expect(JSON.parse(body)).toMatchObject({
      tier: 'unavailable',
      reason: 'SANDBOX_URL names no sandbox runner.',
    })
  })

  it('that is not set up tells its log what is wrong, and its caller nothing', async () => {
    const { status, body } = await ask(analysts, '/health', {
      SERVICE_SECRET: 'short-one',
      LOG_LEVEL: 'loud',
    })
    expect(status).toBe(500)
    expect(body).not.toMatch(/SERVICE_SECRET|LOG_LEVEL/)
    expect(lines.join('\n')).toMatch(
      /SERVICE_SECRET must have at least 16 characters.*LOG_LEVEL must be one of/,
    )
    expect(lines.join('\n')).not.toMatch(/short-one|loud/)
  })

  it('that lacks a binding names it in its log', async () => {
    expect((await ask(architect, '/health')).status).toBe(500)
    expect(lines.join('\n')).toContain('DS_ORCHESTRATOR must be a service binding')
  })

  it('wants a model named where it cannot be guessed', async () => {
    const own = { ...env, LLM_BASE_URL: 'http://127.0.0.1:11434/v1' }
    expect((await ask(analysts, '/health', own)).status).toBe(500)
    expect(lines.join('\n')).toContain('LLM_MODEL must be set')
    expect((await ask(analysts, '/health', { ...own, LLM_MODEL: 'small' })).status).toBe(200)
  })
})
