import { and, asc, eq, gt, sql } from 'drizzle-orm'
import { runEvents } from '../schema/runs.ts'
import { type DbOrTx, type StoredEvent, toStoredEvent } from './rows.ts'

/** Stored events of a run after `after`, in order, at most `limit`. The caller has checked whose run it is. */
export async function readEvents(
  db: DbOrTx,
  input: { runId: string; after: number; limit: number },
): Promise<StoredEvent[]> {
  const rows = await db
    .select()
    .from(runEvents)
    .where(and(eq(runEvents.runId, input.runId), gt(runEvents.seq, input.after)))
    .orderBy(asc(runEvents.seq))
    .limit(input.limit)
  return rows.map(toStoredEvent)
}

/** The last seq of a run, 0 without events: where a further try goes on counting. */
export async function lastSeq(db: DbOrTx, input: { runId: string }): Promise<number> {
  const [row] = await db
    .select({ seq: sql<number>`coalesce(max(${runEvents.seq}), 0)::int` })
    .from(runEvents)
    .where(eq(runEvents.runId, input.runId))
  return row?.seq ?? 0
}
