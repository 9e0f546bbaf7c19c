import type { Db } from '../db.ts'
import { type Json, leaseEnd, sqlOf, type TaskKey, type TaskLease, toJsonText } from './rows.ts'

export interface CreateTask extends TaskKey {
  readonly contextId: string
  readonly messageId: string
  readonly fingerprint: string
  readonly message: Json
  readonly state: string
  readonly status: Json
  /** ISO 8601. */
  readonly at: string
  readonly traceparent: string
  readonly lease: TaskLease
}

/**
 * Stores a task and the message that makes it, in one statement. False: its owner has sent a message of this id to this
 * service before, and nothing was written.
 */
export async function createTask(db: Db, task: CreateTask): Promise<boolean> {
  const sql = sqlOf(db)
  const { id, service, owner, at, lease } = task
  const rows = await sql`
    with said as (
      insert into a2a_messages
        (task_id, generation, position, service, owner, message_key, fingerprint, message)
      values (${id}, 1, 0, ${service}, ${owner}, ${task.messageId}, ${task.fingerprint},
        ${toJsonText(task.message)}::text::jsonb)
      on conflict (service, owner, message_key) do nothing
      returning 1)
    insert into a2a_tasks (id, service, owner, context_id, generation, turn, turn_at, state, status, status_at,
      holder, lease_until, traceparent, created_at)
    select ${id}, ${service}, ${owner}, ${task.contextId}, 1, 1, ${at}::text::timestamptz, ${task.state},
      ${toJsonText(task.status)}::text::jsonb, ${at}::text::timestamptz, ${lease.holder},
      ${leaseEnd(sql, lease.ms)}, ${task.traceparent}, ${at}::text::timestamptz
    from said
    returning 1`
  return rows.length > 0
}
