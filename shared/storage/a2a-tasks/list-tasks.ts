import type { Db } from '../db.ts'
import { sqlOf, type TaskRow, taskColumns, toTaskRow } from './rows.ts'

export interface ListTasks {
  readonly service: string
  readonly owner: string
  readonly contextId: string | null
  readonly state: string | null
  /** ISO 8601. */
  readonly after: string | null
  readonly includeArtifacts: boolean
  readonly limit: number
  /** The last task of the page before. */
  readonly cursor: { readonly at: string; readonly id: string } | null
}

/** An owner's tasks, newest status first, and how many there are in all. */
export async function listTasks(
  db: Db,
  input: ListTasks,
): Promise<{ readonly tasks: readonly TaskRow[]; readonly total: number }> {
  const sql = sqlOf(db)
  const { cursor } = input
  const found = sql`
    t.service = ${input.service} and t.owner = ${input.owner}
    and (${input.contextId}::text is null or t.context_id = ${input.contextId})
    and (${input.state}::text is null or t.state = ${input.state})
    and (${input.after}::text is null or t.status_at > ${input.after}::text::timestamptz)`
  const rows = await sql`
    select ${taskColumns(sql)},
      (select jsonb_agg(e.change order by e.generation) from a2a_events e
        where ${input.includeArtifacts}::boolean and e.task_id = t.id and e.artifact) as artifacts
    from a2a_tasks t
    where ${found}
      and (${cursor?.id ?? null}::text is null
        or (t.status_at, t.id) < (${cursor?.at ?? null}::text::timestamptz, ${cursor?.id ?? null}::text))
    order by t.status_at desc, t.id desc
    limit ${input.limit}`
  const [all] = await sql`select count(*)::int as total from a2a_tasks t where ${found}`
  return { tasks: rows.map(toTaskRow), total: all?.total ?? 0 }
}
