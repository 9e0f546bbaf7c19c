import { and, gte, or, sql } from 'drizzle-orm'
import type { RunError } from '../../domain/run.ts'
import type { Db } from '../db.ts'
import { runs } from '../schema/runs.ts'
import { isStale } from './claim-run.ts'
import { endRun } from './end-run.ts'
import type { RunRow, StoredEvent } from './rows.ts'

/** Fails runs that lost their process too often or too long ago; returns them with the event that ends each stream. */
export async function expireRuns(
  db: Db,
  input: { error: RunError; at: Date; maxAttempts: number; maxAgeMs: number; limit: number },
): Promise<{ run: RunRow; last: StoredEvent }[]> {
  return db.transaction(async (tx) => {
    const tooOld = sql`${runs.createdAt} <= now() - make_interval(secs => ${input.maxAgeMs / 1000}::double precision)`
    const due = await tx
      .select()
      .from(runs)
      .where(and(isStale(), or(gte(runs.attempts, input.maxAttempts), tooOld)))
      .limit(input.limit)
      .for('update', { skipLocked: true })
    const ended: { run: RunRow; last: StoredEvent }[] = []
    for (const run of due)
      ended.push(await endRun(tx, { run, state: 'failed', error: input.error, at: input.at }))
    return ended
  })
}
