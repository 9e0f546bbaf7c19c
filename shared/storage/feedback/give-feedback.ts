import { and, eq } from 'drizzle-orm'
import { AetherError } from '../../errors/aether-error.ts'
import type { DbOrTx } from '../runs/rows.ts'
import { runFeedback, runs } from '../schema/runs.ts'

export interface Feedback {
  readonly runId: string
  readonly rating: 'up' | 'down'
  readonly comment: string | null
  readonly at: Date
}

/** Keeps what a person thought of a run of theirs; a later word replaces the one before. NOT_FOUND for no such run. */
export async function giveFeedback(db: DbOrTx, input: Feedback & { readonly owner: string }): Promise<void> {
  const { owner, ...feedback } = input
  const [run] = await db
    .select({ id: runs.id })
    .from(runs)
    .where(and(eq(runs.id, feedback.runId), eq(runs.owner, owner)))
  if (!run) throw new AetherError('NOT_FOUND')
  const { rating, comment, at } = feedback
  await db
    .insert(runFeedback)
    .values(feedback)
    .onConflictDoUpdate({ target: runFeedback.runId, set: { rating, comment, at, deliveredAt: null } })
}
