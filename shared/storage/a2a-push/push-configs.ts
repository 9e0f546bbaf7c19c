import { sqlOf } from '../a2a-tasks/rows.ts'
import type { Db } from '../db.ts'

/** A wish to hear of a task. */
export interface PushConfigRow {
  readonly taskId: string
  readonly id: string
  readonly url: string
  readonly scheme: string
  readonly sealed: string
}

/** Keeps a wish; one of the same id is replaced, and goes on after what it was told. */
export async function savePushConfig(
  db: Db,
  input: PushConfigRow & { readonly after: number; readonly max: number },
): Promise<boolean> {
  const rows = await sqlOf(db)`
    insert into a2a_push_configs (task_id, id, url, scheme, sealed, delivered, due_at, created_at)
    select ${input.taskId}, ${input.id}, ${input.url}, ${input.scheme}, ${input.sealed}, ${input.after}::bigint,
      now(), now()
    where (select count(*) from a2a_push_configs where task_id = ${input.taskId} and id <> ${input.id})
      < ${input.max}::int
    on conflict (task_id, id) do update set url = excluded.url, scheme = excluded.scheme,
      sealed = excluded.sealed, attempts = 0, due_at = now(), dead_at = null, fault = null
    returning 1`
  return rows.length > 0
}

/** Wishes of a task in the order of their making. The caller has checked whose task it is. */
export async function listPushConfigs(db: Db, taskId: string): Promise<readonly PushConfigRow[]> {
  const rows = await sqlOf(db)`
    select id, url, scheme, sealed from a2a_push_configs where task_id = ${taskId} order by created_at, id`
  return rows.map((row) => ({ taskId, id: row.id, url: row.url, scheme: row.scheme, sealed: row.sealed }))
}

/** Forgets a wish, if there is one. */
export async function deletePushConfig(
  db: Db,
  input: { readonly taskId: string; readonly id: string },
): Promise<void> {
  await sqlOf(db)`delete from a2a_push_configs where task_id = ${input.taskId} and id = ${input.id}`
}
