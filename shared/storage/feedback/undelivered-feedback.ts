import { and, asc, eq, gt, isNotNull, isNull } from 'drizzle-orm'
import type { DbOrTx } from '../runs/rows.ts'
import { runFeedback, runs } from '../schema/runs.ts'
import type { Feedback } from './give-feedback.ts'

/** Feedback that the trace server has not yet, with where it belongs. */
export interface UndeliveredFeedback extends Feedback {
  readonly owner: string
  readonly traceparent: string
}

/** The oldest feedback since an instant that is still to be delivered. */
export async function undeliveredFeedback(
  db: DbOrTx,
  input: { readonly since: Date; readonly limit: number },
): Promise<UndeliveredFeedback[]> {
  const rows = await db
    .select({
      runId: runFeedback.runId,
      rating: runFeedback.rating,
      comment: runFeedback.comment,
      at: runFeedback.at,
      owner: runs.owner,
      traceparent: runs.traceparent,
    })
    .from(runFeedback)
    .innerJoin(runs, eq(runs.id, runFeedback.runId))
    .where(and(isNull(runFeedback.deliveredAt), gt(runFeedback.at, input.since), isNotNull(runs.traceparent)))
    .orderBy(asc(runFeedback.at))
    .limit(input.limit)
  return rows.flatMap(({ traceparent, ...row }) => (traceparent === null ? [] : [{ ...row, traceparent }]))
}

/** Marks feedback as delivered, unless it has been changed since it was read. */
export async function markDelivered(
  db: DbOrTx,
  input: { readonly runId: string; readonly at: Date; readonly deliveredAt: Date },
): Promise<void> {
  await db
    .update(runFeedback)
    .set({ deliveredAt: input.deliveredAt })
    .where(and(eq(runFeedback.runId, input.runId), eq(runFeedback.at, input.at)))
}
