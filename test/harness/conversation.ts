import { eq, sql } from 'drizzle-orm'
import { createTask } from '../../shared/storage/a2a-tasks/create-task.ts'
import { createAnalysis } from '../../shared/storage/analyses/create-analysis.ts'
import { recordAttempt } from '../../shared/storage/analyses/record-attempt.ts'
import type { Db } from '../../shared/storage/db.ts'
import { giveFeedback } from '../../shared/storage/feedback/give-feedback.ts'
import { acceptRun } from '../../shared/storage/runs/accept-run.ts'
import { appendEvents } from '../../shared/storage/runs/append-events.ts'
import { claimRun } from '../../shared/storage/runs/claim-run.ts'
import { finishRun } from '../../shared/storage/runs/finish-run.ts'
import { a2aEvents, a2aTasks } from '../../shared/storage/schema/a2a-tasks.ts'
import { aResult, aWeek } from '../fakes/records.ts'
import { acceptInput, lease, resultEvent, statusEvent } from '../shared/storage/runs/support.ts'

export interface Stored {
  readonly conversationId: string
  readonly runId: string
  readonly analysisId: string
  readonly taskId: string
}

/** A conversation with everything that can hang on one: a run that has ended, events, feedback, an analysis, tokens. */
export async function storeConversation(db: Db, at = new Date(), into?: string): Promise<Stored> {
  const given = acceptInput({ at })
  const conversation = into === undefined ? {} : { conversation: { id: into, clientId: null, heads: [] } }
  const idempotency = { key: given.runId, bodyHash: 'hash' }
  const { run } = await acceptRun(db, { ...given, ...conversation, idempotency })
  const runId = run.id
  const { holder } = given.lease
  await claimRun(db, { runId, lease: lease(holder) })
  const usage = { owner: run.owner, runId, service: 'architect', model: 'm', at }
  await appendEvents(db, {
    runId,
    lease: lease(holder),
    events: [statusEvent(1)],
    usage: [{ ...usage, promptTokens: 1, completionTokens: 1, totalTokens: 2 }],
  })
  const analysisId = `ana_${runId}`
  await createAnalysis(db, { id: analysisId, runId, owner: run.owner, question: 'How much?', window: aWeek })
  await recordAttempt(db, {
    analysisId,
    attempt: { number: 1, confidence: 0.9, weakest: null, changes: [] },
    result: aResult({ analysisId, scripts: [SCRIPT] }),
  })
  await finishRun(db, {
    run,
    holder,
    state: 'completed',
    answer: 'done',
    analysisIds: [analysisId],
    error: null,
    last: { ...resultEvent(2), at },
    headHash: `head_${runId}`,
    messageId: `msg_${runId}_2`,
  })
  await giveFeedback(db, { runId, owner: run.owner, rating: 'up', comment: 'good', at })
  const taskId = await storeTask(db, { runId, owner: run.owner, at })
  return { conversationId: run.conversationId, runId, analysisId, taskId }
}

/** The task by which the architect worked on a run, ended. */
async function storeTask(db: Db, input: { runId: string; owner: string; at: Date }): Promise<string> {
  const { runId, at } = input
  const owner = `orchestrator:${input.owner}`
  const id = `task_${runId}`
  const messageId = `${runId}.1.architect`
  await createTask(db, {
    id,
    service: 'architect',
    owner,
    contextId: 'conv_a2a',
    messageId,
    fingerprint: 'hash',
    message: { messageId, role: 'ROLE_USER', parts: [{ text: 'How much?' }] },
    state: 'TASK_STATE_SUBMITTED',
    status: {},
    at: at.toISOString(),
    traceparent: '',
    lease: { holder: 'test', ms: 1_000 },
  })
  const change = { taskId: id, status: { state: 'TASK_STATE_COMPLETED' } }
  await db.insert(a2aEvents).values({ taskId: id, generation: 2, artifact: false, change })
  await db.update(a2aTasks).set({ endedAt: at }).where(eq(a2aTasks.id, id))
  return id
}

const SCRIPT = {
  id: 'scr_1',
  analyst: 'energy',
  attempt: 1,
  code: 'print(1)',
  files: [],
  exitClass: 'ok',
  errorClass: null,
  stdout: '1\n',
  stderr: '',
  result: { total: 1 },
  metrics: [],
  artifacts: [],
  artifactsRefused: [],
  timings: { run_ms: 12 },
  tier: 'gvisor',
} as const

/** Tables, of all that the schema has, in which rows of this conversation stand, with how many. */
export async function rowsOf(db: Db, stored: Stored): Promise<Record<string, number>> {
  const columns = await db.execute<{ table: string; column: string }>(
    sql`select table_name as table, column_name as column from information_schema.columns
      where table_schema = 'public' and column_name in ('conversation_id', 'run_id', 'analysis_id', 'task_id')
      union all select 'conversations', 'id' union all select 'runs', 'id' union all select 'analyses', 'id'
      union all select 'a2a_tasks', 'id'`,
  )
  const ids = [stored.conversationId, stored.runId, stored.analysisId, stored.taskId]
  const counts: Record<string, number> = {}
  for (const { table, column } of columns) {
    const [row] = await db.execute<{ count: number }>(
      sql`select count(*)::int as count from ${sql.identifier(table)}
        where ${sql.identifier(column)} in (${sql.join(ids, sql`, `)})`,
    )
    if (row && row.count > 0) counts[table] = Math.max(counts[table] ?? 0, row.count)
  }
  return counts
}
