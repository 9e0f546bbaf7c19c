import { and, eq, inArray, lt, not, notInArray, or, type SQL, sql } from 'drizzle-orm'
import { runs } from '../schema/runs.ts'
import { type Lease, leaseEnd, leaseIsOver } from './lease.ts'
import type { DbOrTx, RunRow } from './rows.ts'

const OPEN = ['queued', 'running', 'interrupted'] as const

const taken = (lease: Lease) => ({
  state: 'running' as const,
  leaseHolder: lease.holder,
  leaseUntil: leaseEnd(lease.ms),
  attempts: sql`${runs.attempts} + 1`,
  startedAt: sql`coalesce(${runs.startedAt}, now())`,
})

/** Open runs that nobody works on. */
export function isStale(): SQL | undefined {
  return and(inArray(runs.state, [...OPEN]), leaseIsOver())
}

/** Which stale runs to look at. */
export interface StaleBounds {
  /** Tries and age after which a run is not taken up any more. */
  readonly maxAttempts: number
  readonly maxAgeMs: number
  readonly limit: number
  /** Runs that the caller still works on: their lease only ran out while the database was away. */
  readonly except: readonly string[]
}

/** Runs that were accepted longer ago than this, by the database's clock. */
export function isOlderThan(ms: number): SQL {
  return sql`${runs.createdAt} <= now() - make_interval(secs => ${ms / 1000}::double precision)`
}

/** Takes one run for execution, by compare-and-set: null when it has ended or another process works on it. */
export async function claimRun(db: DbOrTx, input: { runId: string; lease: Lease }): Promise<RunRow | null> {
  const mine = and(eq(runs.state, 'queued'), eq(runs.leaseHolder, input.lease.holder))
  const [row] = await db
    .update(runs)
    .set(taken(input.lease))
    .where(and(eq(runs.id, input.runId), or(mine, isStale())))
    .returning()
  return row ?? null
}

/**
 * Takes up to `limit` runs whose process is gone; those that lost it first come first, as the index of open runs has
 * them, so that many which wait make none of them dearer. Two processes never get the same one.
 */
export async function claimStaleRuns(db: DbOrTx, input: StaleBounds & { lease: Lease }): Promise<RunRow[]> {
  const due = db
    .select({ id: runs.id })
    .from(runs)
    .where(
      and(
        isStale(),
        notInArray(runs.id, [...input.except]),
        lt(runs.attempts, input.maxAttempts),
        not(isOlderThan(input.maxAgeMs)),
      ),
    )
    .orderBy(runs.leaseUntil)
    .limit(input.limit)
    .for('update', { skipLocked: true })
  return db.update(runs).set(taken(input.lease)).where(inArray(runs.id, due)).returning()
}
