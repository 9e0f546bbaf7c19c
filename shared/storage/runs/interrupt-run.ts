import { sql } from 'drizzle-orm'
import { runs } from '../schema/runs.ts'
import { isHeldBy } from './lease.ts'
import type { DbOrTx } from './rows.ts'

/** Lets go of a run at shutdown, so that the next process can take it at once. False: it was not held any more. */
export async function interruptRun(db: DbOrTx, input: { runId: string; holder: string }): Promise<boolean> {
  const rows = await db
    .update(runs)
    .set({ state: 'interrupted', leaseHolder: null, leaseUntil: sql`now()` })
    .where(isHeldBy(input.runId, input.holder))
    .returning({ id: runs.id })
  return rows.length > 0
}
