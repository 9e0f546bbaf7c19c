import { eq, sql } from 'drizzle-orm'
import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { isTerminal, type RunState } from '../../../../shared/domain/run.ts'
import { appendEvents } from '../../../../shared/storage/runs/append-events.ts'
import { cancelRun } from '../../../../shared/storage/runs/cancel-run.ts'
import { claimRun, claimStaleRuns } from '../../../../shared/storage/runs/claim-run.ts'
import { expireRuns } from '../../../../shared/storage/runs/expire-runs.ts'
import { finishRun } from '../../../../shared/storage/runs/finish-run.ts'
import { interruptRun } from '../../../../shared/storage/runs/interrupt-run.ts'
import { lastSeq, readEvents } from '../../../../shared/storage/runs/read-events.ts'
import { readRun, runState } from '../../../../shared/storage/runs/read-run.ts'
import type { RunRow } from '../../../../shared/storage/runs/rows.ts'
import { runEvents } from '../../../../shared/storage/schema/runs.ts'
import { withDatabase } from '../../../harness/database.ts'
import { lease, newRun, resultEvent, statusEvent } from './support.ts'

const database = withDatabase()
beforeEach(() => database.db.execute(sql`truncate conversations, runs, llm_usage, idempotency_keys cascade`))

const error = { code: 'cancelled', message: 'The run was cancelled.', retryable: false }
const bounds = { except: [], maxAttempts: 3, maxAgeMs: 900_000, limit: 10 }
const loseLease = (id: string) =>
  database.db.execute(sql`update runs set lease_until = now() - interval '1 second' where id = ${id}`)
const finish = (run: RunRow, holder: string, seq: number) =>
  finishRun(database.db, {
    run,
    holder,
    state: 'completed',
    answer: 'done',
    analysisIds: [],
    error: null,
    last: resultEvent(seq),
    headHash: `head_${run.id}`,
    messageId: `msg_${run.id}_${seq}`,
  })
const append = (runId: string, holder: string, seqs: number[]) =>
  appendEvents(database.db, { runId, lease: lease(holder), events: seqs.map(statusEvent), usage: [] })

describe('a claim', () => {
  test('of many at once one gets the run', async () => {
    const run = await newRun(database.db)
    await loseLease(run.id)
    const claims = await Promise.all(
      Array.from({ length: 8 }, (_, i) => claimRun(database.db, { runId: run.id, lease: lease(`p${i}`) })),
    )
    expect(claims.filter((claim) => claim !== null)).toHaveLength(1)
  })

  test('of stale runs never gives two processes the same one', async () => {
    for (let i = 0; i < 12; i++) await loseLease((await newRun(database.db, { maxOpenRuns: 99 })).id)
    const claims = await Promise.all(
      ['p1', 'p2', 'p3'].map((p) => claimStaleRuns(database.db, { ...bounds, limit: 6, lease: lease(p) })),
    )
    const ids = claims.flat().map((run) => run.id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(claims.flat().every((run) => run.state === 'running' && run.attempts === 1)).toBe(true)
  })

  test('a queued run is its own process to claim while the lease holds', async () => {
    const run = await newRun(database.db)
    expect(await claimRun(database.db, { runId: run.id, lease: lease('other') })).toBeNull()
    expect(await claimRun(database.db, { runId: run.id, lease: lease('process-1') })).toMatchObject({
      state: 'running',
      attempts: 1,
    })
  })
})

describe('who lost the lease', () => {
  test('can neither append, nor end, nor interrupt', async () => {
    const run = await newRun(database.db)
    await claimRun(database.db, { runId: run.id, lease: lease('process-1') })
    await loseLease(run.id)
    await claimRun(database.db, { runId: run.id, lease: lease('other') })
    expect(await append(run.id, 'process-1', [1])).toBe(false)
    expect(await finish(run, 'process-1', 1)).toBe(false)
    expect(await interruptRun(database.db, { runId: run.id, holder: 'process-1' })).toBe(false)
    expect(await lastSeq(database.db, { runId: run.id })).toBe(0)
    expect(await append(run.id, 'other', [1])).toBe(true)
  })
})

describe('a batch whose commit was not heard of', () => {
  test('can be stored again: its events and tokens count once', async () => {
    const run = await newRun(database.db)
    await claimRun(database.db, { runId: run.id, lease: lease('process-1') })
    const tokens = { promptTokens: 1, completionTokens: 2, totalTokens: 3 }
    const row = { owner: 'alice', runId: run.id, service: 'architect', model: 'm', ...tokens, at: new Date() }
    const batch = { runId: run.id, lease: lease('process-1'), events: [statusEvent(1)], usage: [row] }
    expect(await appendEvents(database.db, batch)).toBe(true)
    expect(await appendEvents(database.db, batch)).toBe(true)
    expect(await finish(run, 'process-1', 2)).toBe(true)
    expect(await readRun(database.db, { runId: run.id, owner: 'alice' })).toMatchObject({ totalTokens: 3 })
  })
})

describe('the end', () => {
  test('comes with answer, usage, message and head, once', async () => {
    const run = await newRun(database.db)
    await claimRun(database.db, { runId: run.id, lease: lease('process-1') })
    const tokens = { promptTokens: 1, completionTokens: 2, totalTokens: 3 }
    const row = { owner: 'alice', runId: run.id, service: 'architect', model: 'm', ...tokens, at: new Date() }
    await appendEvents(database.db, {
      runId: run.id,
      lease: lease('process-1'),
      events: [statusEvent(1)],
      usage: [row, row],
    })
    expect(await finish(run, 'process-1', 2)).toBe(true)
    expect(await finish(run, 'process-1', 3)).toBe(false)
    expect(await readRun(database.db, { runId: run.id, owner: 'alice' })).toMatchObject({
      state: 'completed',
      answer: 'done',
      promptTokens: 2,
      totalTokens: 6,
      leaseHolder: null,
      turn: null,
    })
    const size = { events: 10, bytes: 16_384 }
    const { events, hasMore } = await readEvents(database.db, { runId: run.id, after: 0, size })
    expect(events.map((e) => e.event.kind)).toEqual(['status', 'result'])
    expect(hasMore).toBe(false)
  })

  test('a run that ran out of tries gets an error event with the next seq', async () => {
    const run = await newRun(database.db)
    await claimRun(database.db, { runId: run.id, lease: lease('process-1') })
    await append(run.id, 'process-1', [1, 2])
    await loseLease(run.id)
    const [ended] = await expireRuns(database.db, { ...bounds, maxAttempts: 1, error, at: new Date() })
    expect(ended).toMatchObject({
      run: { id: run.id, state: 'failed' },
      last: { seq: 3, event: { kind: 'error' } },
    })
    expect(await expireRuns(database.db, { ...bounds, maxAttempts: 1, error, at: new Date() })).toEqual([])
  })
})

describe('whatever happens in whatever order', () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('claim' as const), by: fc.constantFrom('p1', 'p2') }),
    fc.record({ do: fc.constant('append' as const), by: fc.constantFrom('p1', 'p2') }),
    fc.record({ do: fc.constant('finish' as const), by: fc.constantFrom('p1', 'p2') }),
    fc.record({ do: fc.constant('interrupt' as const), by: fc.constantFrom('p1', 'p2') }),
    fc.record({ do: fc.constant('lose' as const), by: fc.constant('p1') }),
    fc.record({ do: fc.constant('cancel' as const), by: fc.constant('p1') }),
    fc.record({ do: fc.constant('expire' as const), by: fc.constant('p1') }),
  )

  test('an end never changes, has exactly one last event, and seqs have no gap', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
        const run = await newRun(database.db, { maxOpenRuns: 10_000, lease: lease('p1') })
        let ended: RunState | null = null
        for (const { do: what, by } of steps) {
          const seq = (await lastSeq(database.db, { runId: run.id })) + 1
          if (what === 'claim') await claimRun(database.db, { runId: run.id, lease: lease(by) })
          if (what === 'append') await append(run.id, by, [seq])
          if (what === 'finish') await finish(run, by, seq)
          if (what === 'interrupt') await interruptRun(database.db, { runId: run.id, holder: by })
          if (what === 'lose') await loseLease(run.id)
          if (what === 'expire') await expireRuns(database.db, { ...bounds, error, at: new Date() })
          if (what === 'cancel')
            await cancelRun(database.db, { runId: run.id, owner: 'alice', error, at: new Date() }).catch(
              (thrown: { code?: string }) => expect(thrown.code).toBe('CONFLICT'),
            )
          const state = await runState(database.db, { runId: run.id })
          if (ended !== null) expect(state).toBe(ended)
          else if (state !== null && isTerminal(state)) ended = state
        }
        const events = await database.db
          .select({ seq: runEvents.seq, kind: sql<string>`event ->> 'kind'` })
          .from(runEvents)
          .where(eq(runEvents.runId, run.id))
          .orderBy(runEvents.seq)
        expect(events.map((event) => event.seq)).toEqual(events.map((_, i) => i + 1))
        const last = events.filter((event) => event.kind !== 'status')
        expect(last).toHaveLength(ended === null ? 0 : 1)
        if (ended !== null) expect(events.at(-1)).toBe(last[0])
      }),
      { numRuns: 60 },
    )
  })
})

test("somebody else's run cannot be read or cancelled", async () => {
  const run = await newRun(database.db)
  const stranger = { runId: run.id, owner: 'bob' }
  await expect(readRun(database.db, stranger)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await expect(cancelRun(database.db, { ...stranger, error, at: new Date() })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  })
})
