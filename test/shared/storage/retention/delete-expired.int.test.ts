import { sql } from 'drizzle-orm'
import { beforeEach, expect, test } from 'vitest'
import { createAnalysis } from '../../../../shared/storage/analyses/create-analysis.ts'
import { deleteExpired } from '../../../../shared/storage/retention/delete-expired.ts'
import { aWeek } from '../../../fakes/records.ts'
import { rowsOf, storeConversation } from '../../../harness/conversation.ts'
import { withDatabase } from '../../../harness/database.ts'
import { newRun } from '../runs/support.ts'

const database = withDatabase()
beforeEach(() =>
  database.db.execute(
    sql`truncate conversations, runs, analyses, a2a_tasks, llm_usage, idempotency_keys cascade`,
  ),
)

const DAY = 86_400_000
const NOW = Date.now()
const old = new Date(NOW - 31 * DAY)
const before = new Date(NOW - 30 * DAY)
const clean = (limit = 50) => deleteExpired(database.db, { before, limit })

test('what is old goes with all that hangs on it; what is newer stays whole', async () => {
  const gone = await storeConversation(database.db, old)
  const kept = await storeConversation(database.db)
  const whole = await rowsOf(database.db, kept)
  expect(await clean()).toMatchObject({ conversations: 1, tasks: 1 })
  expect(await rowsOf(database.db, gone)).toEqual({ llm_usage: 1 })
  expect(await rowsOf(database.db, kept)).toEqual(whole)
  expect(await clean()).toEqual({ conversations: 0, runs: 0, messages: 0, analyses: 0, tasks: 0 })
})

test('a conversation that is gone on with loses its old runs and messages alone', async () => {
  const first = await storeConversation(database.db, old)
  const second = await storeConversation(database.db, new Date(), first.conversationId)
  expect(second.conversationId).toBe(first.conversationId)
  const counts = await clean()
  expect(counts).toMatchObject({ conversations: 0, runs: 1 })
  expect(counts.messages).toBeGreaterThanOrEqual(1)
  const left = await rowsOf(database.db, { ...second, conversationId: '' })
  expect(left).toMatchObject({ runs: 1, run_events: 2, analyses: 1 })
  expect(await rowsOf(database.db, { ...first, conversationId: '' })).toEqual({ llm_usage: 1 })
})

test('a run that has not ended keeps itself and its conversation', async () => {
  const run = await newRun(database.db, { at: old })
  expect(await clean()).toMatchObject({ conversations: 0, runs: 0 })
  expect(
    await rowsOf(database.db, {
      conversationId: run.conversationId,
      runId: run.id,
      analysisId: '',
      taskId: '',
    }),
  ).toMatchObject({ conversations: 1, runs: 1 })
})

test('an analysis of a caller without a run goes too', async () => {
  const analysis = { runId: '', owner: 'alice', question: 'How much?', window: aWeek }
  await createAnalysis(database.db, { ...analysis, id: 'ana_old' })
  await createAnalysis(database.db, { ...analysis, id: 'ana_new' })
  await database.db.execute(
    sql`update analyses set created_at = ${old.toISOString()}::timestamptz where id = 'ana_old'`,
  )
  expect(await clean()).toMatchObject({ analyses: 1 })
  expect(await database.db.execute(sql`select id from analyses`)).toEqual([{ id: 'ana_new' }])
})

test('a batch is bounded, and several processes at once take each its own', async () => {
  for (let i = 0; i < 6; i++) await storeConversation(database.db, old)
  expect(await clean(2)).toMatchObject({ conversations: 2 })
  const counts = await Promise.all([clean(2), clean(2), clean(2)])
  expect(counts.reduce((sum, one) => sum + one.conversations, 0)).toBeLessThanOrEqual(4)
  while ((await clean(2)).conversations > 0);
  expect(await database.db.execute(sql`select id from conversations`)).toEqual([])
})
