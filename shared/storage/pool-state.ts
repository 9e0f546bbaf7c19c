import { sql } from 'drizzle-orm'
import type { Now } from '../domain/ids.ts'
import type { Db } from './db.ts'

/** A pool of connections as the server and a waiting query see it. */
export interface Pool {
  readonly max: number
  /** Connections of the pool's name by state. */
  readonly byState: Readonly<Record<'active' | 'idle' | 'idle_in_transaction', number>>
  /** A small query, its wait for a connection included. */
  readonly waitedMs: number
  /** Of the database. */
  readonly bytes: number
}

/**
 * How the pool is doing. The driver tells nothing of its queue, so a query of our own waits in it; the server knows
 * the connections by the name that they were opened with.
 */
export async function poolState(db: Db, deps: { name: string; max: number; now: Now }): Promise<Pool> {
  const start = deps.now()
  await db.execute(sql`select 1`)
  const waitedMs = deps.now() - start
  const rows = await db.execute<{ state: string; count: number }>(
    sql`select state, count(*)::int as count from pg_stat_activity
      where datname = current_database() and application_name = ${deps.name} and state is not null group by state`,
  )
  const [size] = await db.execute<{ bytes: string }>(
    sql`select pg_database_size(current_database()) as bytes`,
  )
  const countOf = (state: string) => rows.find((row) => row.state === state)?.count ?? 0
  return {
    max: deps.max,
    byState: {
      active: countOf('active'),
      idle: countOf('idle'),
      idle_in_transaction: countOf('idle in transaction'),
    },
    waitedMs,
    bytes: Number(size?.bytes ?? 0),
  }
}
