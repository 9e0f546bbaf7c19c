import type { Db } from '../db.ts'
import { sqlOf, toJsonText } from './rows.ts'

/** A task whose process gave no sign of life in time. */
export interface LostTaskRow {
  readonly id: string
  readonly owner: string
  readonly contextId: string
  readonly generation: number
  readonly cancelled: boolean
}

/**
 * Tasks of a service that lost their process, the longest lost first. Not those that `holder`, who lives, still runs:
 * an outage took their leases. Others in its name are lost as well, such as one whose insert was given up and made.
 */
export async function findLostTasks(
  db: Db,
  input: {
    readonly service: string
    readonly limit: number
    readonly holder: string
    readonly running: readonly string[]
  },
): Promise<readonly LostTaskRow[]> {
  const rows = await sqlOf(db)`
    select id, owner, context_id, generation, cancel is not null as cancelled from a2a_tasks
    where service = ${input.service} and ended_at is null and lease_until < now()
      and (holder is distinct from ${input.holder}
        or id not in (select jsonb_array_elements_text(${toJsonText(input.running)}::text::jsonb)))
    order by lease_until limit ${input.limit}`
  return rows.map((row) => ({
    id: row.id,
    owner: row.owner,
    contextId: row.context_id,
    generation: Number(row.generation),
    cancelled: row.cancelled,
  }))
}

/** Removes tasks of a service that ended so long ago, at most `limit`; gives how many. */
export async function purgeTasks(
  db: Db,
  input: { readonly service: string; readonly keepMs: number; readonly limit: number },
): Promise<number> {
  const rows = await sqlOf(db)`
    delete from a2a_tasks where id in (
      select id from a2a_tasks
      where service = ${input.service}
        and ended_at < now() - make_interval(secs => ${input.keepMs / 1000}::double precision)
      limit ${input.limit})
    returning 1`
  return rows.length
}
