import { and, gte, notInArray, or } from 'drizzle-orm'
import type { RunError } from '../../domain/run.ts'
import type { Db } from '../db.ts'
import { runs } from '../schema/runs.ts'
import { isOlderThan, isStale, type StaleBounds } from './claim-run.ts'
import { endRun } from './end-run.ts'
import type { RunRow, StoredEvent } from './rows.ts'

/** Fails runs that lost their process too often or too long ago; returns them with the event that ends each stream. */
export async function expireRuns(
  db: Db,
  input: StaleBounds & { error: RunError; at: Date },
): Promise<{ run: RunRow; last: StoredEvent }[]> {
  return db.transaction(async (tx) => {
    const lost = or(gte(runs.attempts, input.maxAttempts), isOlderThan(input.maxAgeMs))
    const due = await tx
      .select()
      .from(runs)
      .where(and(isStale(), notInArray(runs.id, [...input.except]), lost))
      .limit(input.limit)
      .for('update', { skipLocked: true })
    const ended: { run: RunRow; last: StoredEvent }[] = []
    for (const run of due)
      ended.push(await endRun(tx, { run, state: 'failed', error: input.error, at: input.at }))
    return ended
  })
}
