import { and, eq, type SQL, sql } from 'drizzle-orm'
import { runs } from '../schema/runs.ts'

/** Who works on a run, and for how long from now (by the database's clock) without a further sign of life. */
export interface Lease {
  readonly holder: string
  readonly ms: number
}

/** The instant at which a lease taken now runs out, by the database's clock. */
export function leaseEnd(ms: number): SQL<Date> {
  return sql<Date>`now() + make_interval(secs => ${ms / 1000}::double precision)`
}

/** Condition: nobody holds the run any more. */
export const leaseIsOver = (): SQL => sql`(${runs.leaseUntil} is null or ${runs.leaseUntil} < now())`

/** Condition: this holder still works on this run. Everything that an executor writes is guarded by it. */
export function isHeldBy(runId: string, holder: string): SQL | undefined {
  return and(eq(runs.id, runId), eq(runs.state, 'running'), eq(runs.leaseHolder, holder))
}
