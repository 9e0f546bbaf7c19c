import { eq } from 'drizzle-orm'
import { runs } from '../schema/runs.ts'
import type { DbOrTx } from './rows.ts'

/** Notes that a waiting connection was cut before the run's end: the same request may attach for a while. */
export async function markCut(db: DbOrTx, input: { runId: string; at: Date | null }): Promise<void> {
  await db.update(runs).set({ cutAt: input.at }).where(eq(runs.id, input.runId))
}
