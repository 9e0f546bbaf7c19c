import { and, eq, inArray, isNull, lt, notExists, notInArray } from 'drizzle-orm'
import { deleteTasksBefore } from '../a2a-tasks/delete-tasks.ts'
import type { Db } from '../db.ts'
import { analyses } from '../schema/analyses.ts'
import { conversations, messages } from '../schema/conversations.ts'
import { runs } from '../schema/runs.ts'

export interface Expiry {
  /** What was last touched before it goes. */
  readonly before: Date
  /** Rows of each kind that one call deletes at most. */
  readonly limit: number
}

/** How many rows of each kind were deleted, those that hang on them not counted. */
export interface Expired {
  readonly conversations: number
  readonly runs: number
  readonly messages: number
  readonly analyses: number
  readonly tasks: number
}

/** Runs that have not ended keep themselves and their conversation. */
const ENDED = ['completed', 'failed', 'cancelled'] as const

/**
 * Deletes a batch of what is older: conversations that nobody has gone on with; of those that live on, old runs with
 * their events and analyses, and old messages; analyses of callers without a run; the agents' tasks. Of several processes each takes its
 * own rows. Token counts stay: they hold nothing that anybody said.
 */
export async function deleteExpired(db: Db, { before, limit }: Expiry): Promise<Expired> {
  const open = db
    .select({ id: runs.id })
    .from(runs)
    .where(and(eq(runs.conversationId, conversations.id), notInArray(runs.state, [...ENDED])))
  const oldConversations = db
    .select({ id: conversations.id })
    .from(conversations)
    .where(and(lt(conversations.updatedAt, before), notExists(open)))
    .limit(limit)
    .for('update', { skipLocked: true })
  const oldRuns = db
    .select({ id: runs.id })
    .from(runs)
    .where(and(lt(runs.endedAt, before), inArray(runs.state, [...ENDED])))
    .limit(limit)
    .for('update', { skipLocked: true })
  const oldMessages = db
    .select({ id: messages.id })
    .from(messages)
    .where(lt(messages.createdAt, before))
    .limit(limit)
    .for('update', { skipLocked: true })
  const oldAnalyses = db
    .select({ id: analyses.id })
    .from(analyses)
    .where(and(lt(analyses.createdAt, before), isNull(analyses.runId)))
    .limit(limit)
    .for('update', { skipLocked: true })
  const gone = {
    conversations: await db
      .delete(conversations)
      .where(inArray(conversations.id, oldConversations))
      .returning({ id: conversations.id }),
    runs: await db.delete(runs).where(inArray(runs.id, oldRuns)).returning({ id: runs.id }),
    messages: await db
      .delete(messages)
      .where(inArray(messages.id, oldMessages))
      .returning({ id: messages.id }),
    analyses: await db
      .delete(analyses)
      .where(inArray(analyses.id, oldAnalyses))
      .returning({ id: analyses.id }),
  }
  return {
    conversations: gone.conversations.length,
    runs: gone.runs.length,
    messages: gone.messages.length,
    analyses: gone.analyses.length,
    tasks: await deleteTasksBefore(db, { before, limit }),
  }
}
