import { and, eq, inArray, or, type SQL, sql } from 'drizzle-orm'
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

/** Takes up to `limit` runs whose process is gone, oldest first. Two processes never get the same one. */
export async function claimStaleRuns(
  db: DbOrTx,
  input: { lease: Lease; limit: number; maxAttempts: number; maxAgeMs: number },
): Promise<RunRow[]> {
  const due = sql`select id from runs where state in ('queued', 'running', 'interrupted')
    and (lease_until is null or lease_until < now())
    and attempts < ${input.maxAttempts}
    and created_at > now() - make_interval(secs => ${input.maxAgeMs / 1000}::double precision)
    order by created_at limit ${input.limit} for update skip locked`
  return db.update(runs).set(taken(input.lease)).where(sql`${runs.id} in (${due})`).returning()
}
