import { sql } from 'drizzle-orm'
import { runs } from '../schema/runs.ts'
import { isHeldBy, type Lease, leaseEnd } from './lease.ts'
import type { DbOrTx, RunRow } from './rows.ts'

/** Begins a further try of a run that its holder still works on. Null: it has ended, or belongs to another process now. */
export async function retryRun(db: DbOrTx, input: { runId: string; lease: Lease }): Promise<RunRow | null> {
  const [row] = await db
    .update(runs)
    .set({ attempts: sql`${runs.attempts} + 1`, leaseUntil: leaseEnd(input.lease.ms) })
    .where(isHeldBy(input.runId, input.lease.holder))
    .returning()
  return row ?? null
}
