import { eq, sql } from 'drizzle-orm'
import type { RunError } from '../../domain/run.ts'
import { runEvents, runs } from '../schema/runs.ts'
import { dropSteps } from '../steps/run-steps.ts'
import { sumUsage } from '../usage/sum-usage.ts'
import { lastSeq } from './read-events.ts'
import { type DbOrTx, fromStoredEvent, type RunRow, type StoredEvent } from './rows.ts'

/**
 * Ends a run from outside of its execution with an error event at the end of its stream. The caller's transaction
 * holds the row's lock and has seen that the run is open.
 */
export async function endRun(
  tx: DbOrTx,
  input: { run: RunRow; state: 'failed' | 'cancelled'; error: RunError; at: Date },
): Promise<{ run: RunRow; last: StoredEvent }> {
  const { run, error, at } = input
  const tail = await lastSeq(tx, { runId: run.id })
  const last: StoredEvent = {
    seq: tail + 1,
    attempt: run.attempts,
    at,
    service: 'gateway',
    event: { kind: 'error', ...error },
  }
  await tx.insert(runEvents).values(fromStoredEvent(run.id, last))
  await dropSteps(tx, run.id)
  const usage = await sumUsage(tx, { runId: run.id })
  const [ended] = await tx
    .update(runs)
    .set({
      state: input.state,
      error,
      ...usage,
      endedAt: at,
      leaseHolder: null,
      leaseUntil: null,
      turn: sql`null`,
    })
    .where(eq(runs.id, run.id))
    .returning()
  return { run: ended ?? run, last }
}
