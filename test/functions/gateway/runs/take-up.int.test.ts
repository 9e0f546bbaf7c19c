import { sql } from 'drizzle-orm'
import { beforeEach, describe, expect, test } from 'vitest'
import { AetherError } from '../../../../shared/errors/aether-error.ts'
import { createGate, createScriptedAgent, resultEvent, textEvents } from '../../../fakes/scripted-agent.ts'
import { withDatabase } from '../../../harness/database.ts'
import { FINDING } from '../../architect/support.ts'
import { parseSse } from '../sse.ts'
import { ask, clearTables, createTestGateway, runIdOf } from '../support.ts'

const database = withDatabase()
beforeEach(() => clearTables(database.db))

const never = new Promise(() => {})
const hangs = () => createScriptedAgent(() => [...textEvents(['Last ']), { wait: never }])
const answers = () =>
  createScriptedAgent(() => [...textEvents(['You used ']), resultEvent('You used 84.2 kWh')])
/** What a killed process leaves behind: a lease that runs out, and nobody who renews it. */
const kill = (id: string) =>
  database.db.execute(
    sql`update runs set lease_until = now() - interval '1 second', lease_holder = 'killed' where id = ${id}`,
  )
const until = async (check: () => Promise<boolean>) => {
  while (!(await check())) await new Promise((resolve) => setTimeout(resolve, 20))
}

describe('a run whose process was killed', () => {
  test('is taken up by the next one and answered, its events go on counting', async () => {
    const first = createTestGateway(database.db, hangs())
    const chat = await first.chat(ask('How much?', { stream: true }))
    const id = runIdOf(chat)
    await until(async () => (await first.run(id)).state === 'running')
    await kill(id)
    const agent = answers()
    const second = createTestGateway(database.db, agent, { instance: 'process-2', limits: { pollMs: 20 } })
    second.gateway.start()
    await until(async () => (await second.run(id)).state === 'completed')
    await second.gateway.drain(0)
    expect(await second.run(id)).toMatchObject({ answer: 'You used 84.2 kWh', error: null })
    expect(agent.calls[0]?.turn.messages).toEqual([{ role: 'user', content: 'How much?' }])
    const frames = parseSse(await (await second.request(`/api/v1/runs/${id}/events`)).text())
    const seqs = frames.flatMap((frame) => (frame.id === null ? [] : [Number(frame.id)]))
    expect(seqs).toEqual(Array.from({ length: seqs.length }, (_, i) => i + 1))
    expect(frames.some((frame) => frame.data.event?.step === 'resume')).toBe(true)
    await chat.body?.cancel()
  })

  test('the process that lost it writes nothing any more', async () => {
    const gate = createGate()
    const slow = createScriptedAgent(() => [{ wait: gate.opened }, resultEvent('too late')])
    const first = createTestGateway(database.db, slow)
    const chat = await first.chat(ask('x', { stream: true }))
    const id = runIdOf(chat)
    await until(async () => (await first.run(id)).state === 'running')
    await kill(id)
    const second = createTestGateway(database.db, answers(), { instance: 'process-2' })
    second.gateway.start()
    await until(async () => (await second.run(id)).state === 'completed')
    gate.open()
    await first.settled()
    await second.gateway.drain(0)
    expect((await second.run(id)).answer).toBe('You used 84.2 kWh')
    expect(await chat.text()).toContain('You used 84.2 kWh')
    const [row] = await database.db.execute<{ n: number }>(
      sql`select count(*)::int as n from run_events where run_id = ${id} and event ->> 'kind' = 'result'`,
    )
    expect(row?.n).toBe(1)
  })

  test.each([
    ['three tries', sql`attempts = 3`],
    ['fifteen minutes', sql`created_at = now() - interval '16 minutes'`],
  ])('is failed as interrupted after %s, never stuck', async (_name, change) => {
    const first = createTestGateway(database.db, hangs())
    const chat = await first.chat(ask('x', { stream: true }))
    const id = runIdOf(chat)
    await until(async () => (await first.run(id)).state === 'running')
    await database.db.execute(sql`update runs set ${change} where id = ${id}`)
    await kill(id)
    const agent = answers()
    const second = createTestGateway(database.db, agent, { instance: 'process-2' })
    second.gateway.start()
    await until(async () => (await second.run(id)).state === 'failed')
    await second.gateway.drain(0)
    expect(await second.run(id)).toMatchObject({ error: { code: 'interrupted', retryable: true } })
    expect(agent.calls).toEqual([])
    await chat.body?.cancel()
  })

  test('a run at work elsewhere is left alone', async () => {
    const gate = createGate()
    const first = createTestGateway(
      database.db,
      createScriptedAgent(() => [{ wait: gate.opened }, resultEvent('mine')]),
    )
    const chat = await first.chat(ask('x', { stream: true }))
    await until(async () => (await first.run(runIdOf(chat))).state === 'running')
    const agent = answers()
    const second = createTestGateway(database.db, agent, { instance: 'process-2', limits: { sweepMs: 10 } })
    second.gateway.start()
    await new Promise((resolve) => setTimeout(resolve, 60))
    gate.open()
    expect(await chat.text()).toContain('mine')
    await second.gateway.drain(0)
    expect(agent.calls).toEqual([])
  })

  test('a reader at another process follows it through the database', async () => {
    const gate = createGate()
    const first = createTestGateway(
      database.db,
      createScriptedAgent(() => [
        { kind: 'status', text: 'one' },
        { wait: gate.opened },
        resultEvent('done'),
      ]),
    )
    const chat = await first.chat(ask('x', { stream: true }))
    const second = createTestGateway(database.db, answers(), {
      instance: 'process-2',
      limits: { pollMs: 10 },
    })
    const events = second.request(`/api/v1/runs/${runIdOf(chat)}/events`).then((response) => response.text())
    gate.open()
    const kinds = parseSse(await events).map((frame) => frame.data.event?.kind ?? frame.data)
    expect(kinds).toEqual(['delegation', 'status', 'text', 'result', '[DONE]'])
    await chat.text()
  })
})

describe('a run whose team was lost at its work', () => {
  const lost = { fail: new AetherError('AGENT_UNAVAILABLE') }
  const begun = textEvents(['You '])

  test('is tried again by the same process, for the same reader: one answer, events that go on counting', async () => {
    const agent = createScriptedAgent((_turn, attempt) =>
      attempt === 1 ? [...begun, lost] : [...textEvents(['You used ']), resultEvent('You used 84.2 kWh')],
    )
    const t = createTestGateway(database.db, agent, { limits: { againMs: 1 } })
    const chat = await t.chat(ask('How much?', { stream: true }))
    const id = runIdOf(chat)
    const said = parseSse(await chat.text()).map((frame) => frame.data)
    expect(said.map((data) => data.choices?.[0]?.delta.content ?? '').join('')).toBe('You used 84.2 kWh')
    expect(said.at(-1)).toBe('[DONE]')
    expect(agent.calls.map(({ call }) => call.messageId)).toEqual([`${id}.1`, `${id}.2`])
    const events = parseSse(await (await t.request(`/api/v1/runs/${id}/events`)).text())
    const seqs = events.flatMap((frame) => (frame.id === null ? [] : [Number(frame.id)]))
    expect(seqs).toEqual(Array.from({ length: seqs.length }, (_, i) => i + 1))
    expect(events.some((frame) => frame.data.event?.step === 'resume')).toBe(true)
  })

  test('fails with what it met after its last try', async () => {
    const agent = createScriptedAgent(() => [...begun, lost])
    const t = createTestGateway(database.db, agent, { limits: { againMs: 1 } })
    const chat = await t.chat(ask('How much?', { stream: true }))
    await chat.text()
    expect(await t.run(runIdOf(chat))).toMatchObject({ error: { code: 'agent_unavailable' } })
    expect(agent.calls).toHaveLength(3)
  })

  test('is tried on although nobody answers the second try, and what was found before is kept', async () => {
    const agent = createScriptedAgent((_turn, attempt) =>
      attempt === 1
        ? [{ kind: 'finding', analysisId: 'ana_1', finding: FINDING, origin: 'ds_analysts' }, lost]
        : [lost],
    )
    const t = createTestGateway(database.db, agent, { limits: { againMs: 1 } })
    const chat = await t.chat(ask('How much?', { stream: true }))
    const text = await chat.text()
    expect(agent.calls).toHaveLength(3)
    expect(text).toContain(FINDING.statement)
    expect(await t.run(runIdOf(chat))).toMatchObject({ state: 'completed', analysis_ids: ['ana_1'] })
  })

  test('left to the next process while it waits, it has lost no try', async () => {
    const agent = createScriptedAgent(() => [...begun, lost])
    const t = createTestGateway(database.db, agent, { limits: { againMs: 60_000 } })
    const chat = await t.chat(ask('How much?', { stream: true }))
    await until(async () => t.lines.some((line) => line.includes('run tries again')))
    await t.gateway.drain(0)
    await chat.text()
    const [row] = await database.db.execute<{ attempts: number; state: string }>(
      sql`select attempts, state from runs where id = ${runIdOf(chat)}`,
    )
    expect(row).toMatchObject({ attempts: 1, state: 'interrupted' })
  })

  test('is told at once when nobody of it was there', async () => {
    const agent = createScriptedAgent(() => [
      { kind: 'status', text: 'Deciding', origin: 'orchestrator' },
      lost,
    ])
    const t = createTestGateway(database.db, agent, { limits: { againMs: 60_000 } })
    const chat = await t.chat(ask('How much?', { stream: true }))
    expect(await chat.text()).toContain('agent_unavailable')
    expect(agent.calls).toHaveLength(1)
  })

  test('can be cancelled while it waits', async () => {
    const agent = createScriptedAgent(() => [...begun, lost])
    const t = createTestGateway(database.db, agent, { limits: { againMs: 60_000 } })
    const chat = await t.chat(ask('How much?', { stream: true }))
    const id = runIdOf(chat)
    await until(async () => t.lines.some((line) => line.includes('run tries again')))
    await t.request(`/api/v1/runs/${id}/cancel`, { method: 'POST' })
    expect(await chat.text()).toContain('"code":"cancelled"')
    await t.settled()
    expect((await t.run(id)).state).toBe('cancelled')
  })
})

describe('a run at work here whose lease ran out, as after an outage', () => {
  test('is not taken up by its own process: no try is lost, and it is not failed', async () => {
    const gate = createGate()
    const agent = createScriptedAgent(() => [{ wait: gate.opened }, resultEvent('done')])
    const t = createTestGateway(database.db, agent, { limits: { sweepMs: 10, maxAttempts: 2 } })
    const chat = await t.chat(ask('x', { stream: true }))
    const id = runIdOf(chat)
    await until(async () => (await t.run(id)).state === 'running')
    t.gateway.start()
    for (let i = 0; i < 2; i++) {
      await database.db.execute(sql`update runs set lease_until = now() - interval '1 second'`)
      await new Promise((resolve) => setTimeout(resolve, 60))
    }
    const [row] = await database.db.execute<{ attempts: number }>(sql`select attempts from runs`)
    expect(row?.attempts).toBe(1)
    gate.open()
    expect(await chat.text()).toContain('done')
    expect((await t.run(id)).state).toBe('completed')
    await t.gateway.drain(0)
  })
})

describe('a heartbeat', () => {
  test('keeps the lease of a run that works long', async () => {
    const gate = createGate()
    const agent = createScriptedAgent(() => [{ wait: gate.opened }, resultEvent('done')])
    const t = createTestGateway(database.db, agent, { limits: { leaseMs: 150 } })
    const chat = await t.chat(ask('x', { stream: true }))
    const ends = new Set<string>()
    await until(async () => {
      const [row] = await database.db.execute<{ lease: string }>(
        sql`select lease_until::text as lease from runs`,
      )
      ends.add(row?.lease ?? '')
      return ends.size > 4
    })
    gate.open()
    expect(await chat.text()).toContain('done')
  })
})

describe('shutdown', () => {
  test('gives running runs the time that is left', async () => {
    const gate = createGate()
    const agent = createScriptedAgent(() => [{ wait: gate.opened }, resultEvent('done')])
    const t = createTestGateway(database.db, agent)
    const chat = await t.chat(ask('x', { stream: true }))
    const drained = t.gateway.drain(60_000)
    gate.open()
    await drained
    expect(await chat.text()).toContain('done')
    expect((await t.run(runIdOf(chat))).state).toBe('completed')
  })

  test('then leaves them to the next process at once, and says so', async () => {
    const first = createTestGateway(database.db, hangs())
    const chat = await first.chat(ask('How much?', { stream: true }))
    const id = runIdOf(chat)
    await until(async () => (await first.run(id)).state === 'running')
    await first.gateway.drain(0)
    const frames = parseSse(await chat.text()).map((frame) => frame.data)
    expect(frames.at(-2).error.code).toBe('server_shutdown')
    expect(frames.at(-1)).toBe('[DONE]')
    expect((await first.run(id)).state).toBe('interrupted')
    const second = createTestGateway(database.db, answers(), { instance: 'process-2' })
    second.gateway.start()
    await until(async () => (await second.run(id)).state === 'completed')
    await second.gateway.drain(0)
  })

  test("a client's retry resumes an interrupted run", async () => {
    const first = createTestGateway(database.db, hangs())
    const chat = await first.chat(ask('How much?', { stream: true }))
    await until(async () => (await first.run(runIdOf(chat))).state === 'running')
    await first.gateway.drain(0)
    await chat.text()
    const second = createTestGateway(database.db, answers(), { instance: 'process-2' })
    const retry = await second.chat(ask('How much?', { stream: true }), {
      headers: { 'x-stainless-retry-count': '1' },
    })
    expect(runIdOf(retry)).toBe(runIdOf(chat))
    const text = parseSse(await retry.text())
      .map((frame) => frame.data.choices?.[0]?.delta.content ?? '')
      .join('')
    expect(text).toBe('You used 84.2 kWh')
  })
})

describe('a turn that is accepted while the process shuts down', () => {
  test('is left to the next process, and its reader is told', async () => {
    const gate = createGate()
    const first = createTestGateway(database.db, hangs())
    const asked = createGate()
    first.llm.resolve = async () => {
      asked.open()
      await gate.opened
      return 'test-model'
    }
    const pending = first.chat(ask('How much?', { stream: true, model: 'gpt-4o' }))
    await asked.opened
    await first.gateway.drain(0)
    gate.open()
    const chat = await pending
    expect(await chat.text()).toContain('server_shutdown')
    await first.settled()
    expect((await first.run(runIdOf(chat))).state).toBe('interrupted')
  })
})
