import { beforeEach, describe, expect, test } from 'vitest'
import { createScriptedAgent, resultEvent, usageEvent } from '../../../fakes/scripted-agent.ts'
import { withDatabase } from '../../../harness/database.ts'
import { json } from '../sse.ts'
import {
  ask,
  clearTables,
  createEchoAgent,
  createTestGateway,
  KEY,
  OTHER_KEY,
  POOR_KEY,
  runIdOf,
} from '../support.ts'

const database = withDatabase()
beforeEach(() => clearTables(database.db))

describe('GET /usage', () => {
  test('tokens and cost by day, key, agent and model; a key without all scopes sees its own', async () => {
    const prices = new Map([['test-model', { input: 2, output: 10 }]])
    const t = createTestGateway(database.db, createEchoAgent(), { prices })
    await t.chat(ask('hello'))
    await t.chat(ask('Name this chat', { model: 'aether/utility' }), { key: OTHER_KEY })
    await t.chat(ask('hi'), { key: POOR_KEY })
    const all = await json(await t.request('/api/v1/usage'))
    const day = new Date().toISOString().slice(0, 10)
    expect(all.to).toBe(day)
    expect(all.rows).toContainEqual({
      day,
      key_id: 'key_bob',
      service: 'gateway',
      model: 'test-model',
      calls: 1,
      runs: 0,
      prompt_tokens: 7,
      completion_tokens: 3,
      total_tokens: 10,
      cost_usd: (7 * 2 + 3 * 10) / 1_000_000,
    })
    expect(new Set(all.rows.map((row: { key_id: string }) => row.key_id))).toEqual(
      new Set(['key_alice', 'key_bob', 'key_poor']),
    )
    expect(all.total.total_tokens).toBe(135 + 10 + 135)
    const own = await json(await t.request('/api/v1/usage', { key: POOR_KEY }))
    expect(new Set(own.rows.map((row: { key_id: string }) => row.key_id))).toEqual(new Set(['key_poor']))
    expect(own).toMatchObject({ tokens_per_day: 300, total: { total_tokens: 135 } })
  })

  test('days are taken as asked, and refused by name', async () => {
    const t = createTestGateway(database.db, createEchoAgent())
    await t.chat(ask('hello'))
    const old = await json(await t.request('/api/v1/usage?from=2026-01-01&to=2026-01-31'))
    expect(old).toMatchObject({ from: '2026-01-01', to: '2026-01-31', rows: [], total: { total_tokens: 0 } })
    for (const [query, param] of [
      ['from=yesterday', 'from'],
      ['to=2026-02-30', 'to'],
      ['from=2026-02-02&to=2026-02-01', 'from'],
      ['from=2020-01-01&to=2026-02-01', 'from'],
    ]) {
      const response = await t.request(`/api/v1/usage?${query}`)
      expect(response.status, query).toBe(400)
      expect((await json(response)).error.param).toBe(param)
    }
  })
})

describe('a key with a budget', () => {
  test('is told clearly when it is used up, and when to come back; others go on', async () => {
    const t = createTestGateway(database.db, createEchoAgent())
    for (const question of ['one', 'two'])
      expect((await t.chat(ask(question), { key: POOR_KEY })).status).toBe(200)
    // The third run begins with 30 tokens left and goes over them.
    await t.chat(ask('three'), { key: POOR_KEY })
    const refused = await t.chat(ask('four'), { key: POOR_KEY })
    expect(refused.status).toBe(429)
    const wait = Number(refused.headers.get('retry-after'))
    expect(wait).toBeGreaterThan(86_000)
    expect(wait).toBeLessThanOrEqual(86_400)
    expect((await json(refused)).error).toMatchObject({
      code: 'insufficient_quota',
      type: 'rate_limit_error',
    })
    expect((await t.chat(ask('Name this chat', { model: 'aether/utility' }), { key: POOR_KEY })).status).toBe(
      429,
    )
    expect((await t.chat(ask('five'), { key: KEY })).status).toBe(200)
    t.clock.ahead = 86_400_000
    expect((await t.chat(ask('six'), { key: POOR_KEY })).status).toBe(200)
  })

  test('a run that goes over it is stopped, and says so', async () => {
    const agent = createScriptedAgent(() => [
      usageEvent(200, 50),
      usageEvent(200, 50),
      { wait: new Promise(() => {}) },
      resultEvent('never'),
    ])
    const t = createTestGateway(database.db, agent)
    const response = await t.chat(ask('much'), { key: POOR_KEY })
    expect(response.status).toBe(429)
    const run = await json(await t.request(`/api/v1/runs/${runIdOf(response)}`, { key: POOR_KEY }))
    expect(run).toMatchObject({ state: 'failed', error: { code: 'insufficient_quota', retryable: false } })
    // What it used is counted all the same.
    expect(run.usage.total_tokens).toBe(500)
    expect(agent.left).toBe(1)
  })
})
