import type { Db } from '../db.ts'
import { type ChangeRow, sqlOf, type TaskKey, type TaskRow, taskColumns, toTaskRow } from './rows.ts'

/** A task of its owner with all that makes it up, as of one instant; null where there is none. */
export async function readTask(db: Db, key: TaskKey): Promise<TaskRow | null> {
  const sql = sqlOf(db)
  const [row] = await sql`
    select ${taskColumns(sql)},
      (select jsonb_agg(e.change order by e.generation)
        from a2a_events e where e.task_id = t.id and e.artifact) as artifacts
    from a2a_tasks t
    where t.id = ${key.id} and t.service = ${key.service} and t.owner = ${key.owner}`
  return row ? toTaskRow(row) : null
}

/** What has happened to a task since a generation, at most `limit` changes; null where the task is gone. */
export async function readChanges(
  db: Db,
  input: TaskKey & { readonly after: number; readonly limit: number },
): Promise<{
  readonly changes: readonly ChangeRow[]
  readonly ended: boolean
  readonly expired: boolean
} | null> {
  const sql = sqlOf(db)
  const [row] = await sql`
    select t.ended_at is not null as ended,
      t.ended_at is null and coalesce(t.lease_until < now(), false) as expired,
      (select jsonb_agg(jsonb_build_object('generation', e.generation, 'change', e.change) order by e.generation)
        from (select generation, change from a2a_events
          where task_id = t.id and generation > ${input.after} order by generation limit ${input.limit}) e) as changes
    from a2a_tasks t
    where t.id = ${input.id} and t.service = ${input.service} and t.owner = ${input.owner}`
  return row ? { changes: row.changes ?? [], ended: row.ended, expired: row.expired } : null
}
