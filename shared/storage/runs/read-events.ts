import { and, asc, eq, getTableColumns, gt, lt, sql } from 'drizzle-orm'
import { builtOnce } from '../built-once.ts'
import type { Db } from '../db.ts'
import { runEvents } from '../schema/runs.ts'
import { type DbOrTx, type StoredEvent, toStoredEvent } from './rows.ts'

/** Stored events in order, at least one where there is one. */
export interface EventPage {
  readonly events: readonly StoredEvent[]
  /** False when nothing was stored behind them. */
  readonly hasMore: boolean
}

/** What a page may hold: so many events, and no further one once those before it have so many bytes as stored. */
export interface PageSize {
  readonly events: number
  readonly bytes: number
}

/** The first page of a run's events after `after`. The caller has checked whose run it is. */
export async function readEvents(
  db: Db,
  input: { runId: string; after: number; size: PageSize },
): Promise<EventPage> {
  const { runId, after, size } = input
  const rows = await pageQuery(db).execute({ runId, after, ...size })
  const found = rows[0]?.found ?? 0
  return { events: rows.map(toStoredEvent), hasMore: rows.length < found || found === size.events }
}

const pageQuery = builtOnce((db) => {
  // The size is that of the stored value, which Postgres knows without reading it.
  const bytes = sql<number>`pg_column_size(${runEvents.event})`.as('bytes')
  const head = db
    .select({ ...getTableColumns(runEvents), bytes })
    .from(runEvents)
    .where(and(eq(runEvents.runId, sql.placeholder('runId')), gt(runEvents.seq, sql.placeholder('after'))))
    .orderBy(asc(runEvents.seq))
    .limit(sql.placeholder('events'))
    .as('head')
  const { bytes: own, ...columns } = head._.selectedFields
  const before = sql<number>`sum(${own}) over (order by ${head.seq}) - ${own}`.as('before')
  const found = sql<number>`(count(*) over ())::int`.as('found')
  const page = db
    .select({ ...columns, before, found })
    .from(head)
    .as('page')
  return db
    .select()
    .from(page)
    .where(lt(page.before, sql.placeholder('bytes')))
    .orderBy(asc(page.seq))
    .prepare('events_page')
})

/** The last seq of a run, 0 without events: where a further try goes on counting. */
export async function lastSeq(db: DbOrTx, input: { runId: string }): Promise<number> {
  const [row] = await db
    .select({ seq: sql<number>`coalesce(max(${runEvents.seq}), 0)::int` })
    .from(runEvents)
    .where(eq(runEvents.runId, input.runId))
  return row?.seq ?? 0
}
