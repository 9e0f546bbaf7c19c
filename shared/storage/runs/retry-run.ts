import { and, inArray } from 'drizzle-orm'
import { runs } from '../schema/runs.ts'
import { isHeldBy, type Lease, leaseEnd } from './lease.ts'
import type { DbOrTx, RunRow } from './rows.ts'

/**
 * Begins the try after `attempt` of a run that its holder still works on. Safe to repeat. Null: it has ended, or belongs to
 * another process now.
 */
export async function retryRun(
  db: DbOrTx,
  { runId, attempt, lease }: { runId: string; attempt: number; lease: Lease },
): Promise<RunRow | null> {
  const [row] = await db
    .update(runs)
    .set({ attempts: attempt + 1, leaseUntil: leaseEnd(lease.ms) })
    .where(and(isHeldBy(runId, lease.holder), inArray(runs.attempts, [attempt, attempt + 1])))
    .returning()
  return row ?? null
}
