import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type RunningWorkers, startOnMiniflare } from '../../../infrastructure/miniflare/start.ts'
import { toConfig } from '../../../infrastructure/node/config.ts'
import { createFakeModel, type FakeBody, type FakeStep } from '../../fakes/fake-model.ts'
import { goodModel, jobOf } from '../../fakes/team-model.ts'
import { ask, read } from '../../harness/chat.ts'
import { withDatabase } from '../../harness/database.ts'
import { freePorts } from '../../harness/free-ports.ts'
import { createKeptBundler } from '../../harness/kept-bundler.ts'
import { serveFetch } from '../../harness/serve-fetch.ts'

const ROOT = join(import.meta.dirname, '../../..')
const KEY = 'key-of-the-test-123456'
const database = withDatabase()

/** What the model does in the test at hand. */
let behave: (body: FakeBody) => FakeStep = goodModel
const fake = createFakeModel([{ kind: 'answer', by: (body) => behave(body) }])

let model: Awaited<ReturnType<typeof serveFetch>>
let running: RunningWorkers
beforeAll(async () => {
  model = await serveFetch(async (request) => fake.fetch(request))
  const config = toConfig(
    {
      PORT: String(await freePorts(1)),
      API_KEY: KEY,
      SERVICE_SECRET: 'secret-of-the-test',
      DATABASE_URL: database.tcpUrl,
      DEMO_NOW: '2026-11-24T10:00:00Z',
      RUNSC_PATH: '/nowhere/runsc',
      LLM_BASE_URL: `${model.url}/v1`,
      LLM_MODEL: 'test-model',
      AFTER_ANSWER_S: '0', // runs whose client leaves are handed over at once
    },
    ROOT,
  )
  running = await startOnMiniflare({
    root: ROOT,
    bundler: createKeptBundler(ROOT),
    config,
    say: (line) => void (process.env.TEST_LOG && console.error(line)),
    watching: false,
  })
})
afterAll(async () => {
  await running.stop()
  await model.stop()
})
beforeEach(() => {
  behave = goodModel
})

const gateway = {
  fetch: (path: string, init: RequestInit = {}) =>
    fetch(`${running.url}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${KEY}`, ...init.headers },
    }),
}
const stateOf = async (runId: string) =>
  (await read<{ state: string }>(gateway, `/api/v1/runs/${runId}`)).state

let asked = 0
/** Begins a chat whose model hangs at its first word, and waits until it does. */
async function begin(): Promise<{ runId: string; leave(): Promise<void> }> {
  let hangs = 0
  asked++ // the same question again would be a retry of the one that was left
  behave = (body) => {
    if (jobOf(body) !== 'converse' || hangs > 0) return goodModel(body)
    hangs++
    return { kind: 'hang_before_headers' }
  }
  const response = await gateway.fetch('/api/v1/chat/completions', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      model: 'aether/auto',
      stream: true,
      messages: [{ role: 'user', content: `How much energy did I use in the last ${asked + 1} days?` }],
    }),
  })
  const reader = response.body!.getReader()
  await reader.read()
  await expect.poll(() => hangs, { timeout: 10_000 }).toBe(1)
  return {
    runId: response.headers.get('x-aether-run-id') ?? '',
    leave: async () => void (await reader.cancel().catch(() => {})),
  }
}

/** The events of a run to its end. */
const eventsOf = async (runId: string) => (await gateway.fetch(`/api/v1/runs/${runId}/events`)).text()

describe('work that a request cannot end', () => {
  it('is handed over when its client leaves, and the timer takes it up', async () => {
    const { runId, leave } = await begin()
    await leave()
    const events = await eventsOf(runId)
    expect(events).toContain('The run was interrupted and goes on.')
    expect(events).toMatch(/"kind":"result"[\s\S]*data: \[DONE\]\s*$/)
    expect(await stateOf(runId)).toBe('completed')
  })

  it('outlives the workers themselves: its lease runs out, and the next ones take it up', async () => {
    const { runId, leave } = await begin()
    await running.reload()
    await leave()
    expect(await stateOf(runId)).toBe('running')
    await database.db.execute(sql`update runs set lease_until = now() where id = ${runId}`)
    expect(await eventsOf(runId)).toMatch(/goes on[\s\S]*"kind":"result"[\s\S]*data: \[DONE\]\s*$/)
  })
})

describe('what a request opens', () => {
  it('is closed with it: no connection to the database is left over', async () => {
    const connections = async () => {
      const [row] = await database.db.execute<{ count: number }>(
        sql`select count(*)::int as count from pg_stat_activity where datname = current_database()`,
      )
      return row?.count ?? 0
    }
    await ask(gateway, 'Which lights are on?')
    const before = await connections()
    for (let i = 0; i < 3; i++) {
      const { leave } = await begin()
      await leave()
    }
    await Promise.all(Array.from({ length: 5 }, () => gateway.fetch('/api/v1/status')))
    await ask(gateway, 'Which lights are on?')
    await expect.poll(connections, { timeout: 20_000 }).toBeLessThanOrEqual(before)
  })
})
