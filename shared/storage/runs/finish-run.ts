import { eq, sql } from 'drizzle-orm'
import type { RunError } from '../../domain/run.ts'
import { addMessages } from '../conversations/add-messages.ts'
import type { Db } from '../db.ts'
import { conversationHeads, conversations } from '../schema/conversations.ts'
import { runEvents, runs } from '../schema/runs.ts'
import { dropSteps } from '../steps/run-steps.ts'
import { storableText } from '../storable.ts'
import { sumUsage } from '../usage/sum-usage.ts'
import { isHeldBy } from './lease.ts'
import { type DbOrTx, fromStoredEvent, type RunRow, type StoredEvent } from './rows.ts'

export interface Finish {
  readonly run: Pick<RunRow, 'id' | 'owner' | 'conversationId'>
  /** Who holds the lease. */
  readonly holder: string
  readonly state: 'completed' | 'failed'
  readonly answer: string | null
  readonly analysisIds: readonly string[]
  readonly error: RunError | null
  /** The `result` or `error` event that ends the run's stream. */
  readonly last: StoredEvent
  /** Hash over all messages up to and including the answer; null without an answer. */
  readonly headHash: string | null
  readonly messageId: string
}

/**
 * Ends a run: state, answer, summed usage, last event, the answer as a message and the conversation's new head in one transaction.
 * False: the run has ended otherwise or belongs to another process, and nothing was written.
 */
export async function finishRun(db: Db, input: Finish): Promise<boolean> {
  const { run, last } = input
  return db.transaction(async (tx) => {
    const usage = await sumUsage(tx, { runId: run.id })
    const held = await tx
      .update(runs)
      .set({
        state: input.state,
        answer: input.answer === null ? null : storableText(input.answer),
        analysisIds: input.analysisIds,
        ...usage,
        error: input.error,
        endedAt: last.at,
        leaseHolder: null,
        leaseUntil: null,
        turn: sql`null`,
      })
      .where(isHeldBy(run.id, input.holder))
      .returning({ id: runs.id })
    if (held.length === 0) return false
    const { answer, headHash } = input
    const messages =
      answer === null ? [] : [{ id: input.messageId, role: 'assistant' as const, content: answer }]
    // First: it locks the conversation, which a turn that is accepted there does first too.
    await addMessages(tx, { conversationId: run.conversationId, runId: run.id, at: last.at, messages })
    await Promise.all([
      dropSteps(tx, run.id),
      tx.insert(runEvents).values(fromStoredEvent(run.id, last)),
      headHash === null ? null : keepHead(tx, run, headHash, last.at),
      tx.update(conversations).set({ updatedAt: last.at }).where(eq(conversations.id, run.conversationId)),
    ])
    return true
  })
}

async function keepHead(tx: DbOrTx, run: Finish['run'], hash: string, createdAt: Date): Promise<void> {
  const { owner, conversationId } = run
  await tx
    .insert(conversationHeads)
    .values({ owner, hash, conversationId, createdAt })
    .onConflictDoUpdate({
      target: [conversationHeads.owner, conversationHeads.hash, conversationHeads.conversationId],
      set: { createdAt },
    })
}
