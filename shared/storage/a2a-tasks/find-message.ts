import type { Db } from '../db.ts'
import { sqlOf } from './rows.ts'

/** The task that has got a message, and what became of it. */
export interface KnownMessage {
  readonly taskId: string
  readonly fingerprint: string
  readonly cancel: 'caller' | 'left' | null
  readonly expired: boolean
}

/** Who has got a message of this id, or null. */
export async function findMessage(
  db: Db,
  input: { readonly service: string; readonly owner: string; readonly messageId: string },
): Promise<KnownMessage | null> {
  const sql = sqlOf(db)
  const [row] = await sql`
    select m.task_id, m.fingerprint, t.cancel,
      t.ended_at is null and coalesce(t.lease_until < now(), false) as expired
    from a2a_messages m join a2a_tasks t on t.id = m.task_id
    where m.service = ${input.service} and m.owner = ${input.owner} and m.message_key = ${input.messageId}`
  if (!row) return null
  return { taskId: row.task_id, fingerprint: row.fingerprint, cancel: row.cancel, expired: row.expired }
}

/** Lets the messages of a task start anew when they are sent again. */
export async function freeMessages(db: Db, taskId: string): Promise<void> {
  await sqlOf(db)`update a2a_messages set message_key = null where task_id = ${taskId}`
}
