import { and, eq } from 'drizzle-orm'
import { isTerminal, type RunError } from '../../domain/run.ts'
import { AetherError } from '../../errors/aether-error.ts'
import type { Db } from '../db.ts'
import { runs } from '../schema/runs.ts'
import { endRun } from './end-run.ts'
import type { RunRow, StoredEvent } from './rows.ts'

/**
 * Cancels an open run of its owner. `last` is the event that ends its stream, null when it was cancelled before.
 * Throws NOT_FOUND for what is not the owner's, CONFLICT with the state of a run that has ended otherwise.
 */
export async function cancelRun(
  db: Db,
  input: { runId: string; owner: string; error: RunError; at: Date },
): Promise<{ run: RunRow; last: StoredEvent | null }> {
  return db.transaction(async (tx) => {
    const [run] = await tx
      .select()
      .from(runs)
      .where(and(eq(runs.id, input.runId), eq(runs.owner, input.owner)))
      .for('update')
    if (run === undefined) throw new AetherError('NOT_FOUND')
    if (run.state === 'cancelled') return { run, last: null }
    if (isTerminal(run.state)) throw new AetherError('CONFLICT', `The run has already ended: ${run.state}.`)
    return endRun(tx, { run, state: 'cancelled', error: input.error, at: input.at })
  })
}
