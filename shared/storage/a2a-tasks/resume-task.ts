import type { Db } from '../db.ts'
import { type Json, leaseEnd, sqlOf, type TaskKey, type TaskLease, toJsonText } from './rows.ts'

export interface ResumeTask extends TaskKey {
  /** At which the task must be, and wait. */
  readonly generation: number
  readonly waitingStates: readonly string[]
  readonly messageId: string
  readonly fingerprint: string
  /** What the task had asked for, if it said so, and the answer. */
  readonly said: readonly Json[]
  readonly state: string
  readonly status: Json
  /** ISO 8601. */
  readonly at: string
  /** The status as the event that it is. */
  readonly change: Json
  readonly write: string
  readonly lease: TaskLease
}

/**
 * Hands a waiting task a message and takes its lease, in one statement. False: it does not wait at this generation any
 * more, or another message of this id is there, and nothing was written.
 */
export async function resumeTask(db: Db, input: ResumeTask): Promise<boolean> {
  const sql = sqlOf(db)
  const { id, service, owner, generation, lease } = input
  const last = input.said.length - 1
  const messages = input.said.map((message, p) => ({
    p,
    k: p === last ? input.messageId : null,
    f: p === last ? input.fingerprint : null,
    m: message,
  }))
  const rows = await sql`
    with held as (
      update a2a_tasks set generation = ${generation + 1}, turn = ${generation + 1},
        turn_at = ${input.at}::text::timestamptz, state = ${input.state},
        status = ${toJsonText(input.status)}::text::jsonb, status_at = ${input.at}::text::timestamptz,
        holder = ${lease.holder}, lease_until = ${leaseEnd(sql, lease.ms)}, last_write = ${input.write}
      where id = ${id} and service = ${service} and owner = ${owner} and generation = ${generation}
        and ended_at is null and cancel is null
        and state in (select jsonb_array_elements_text(${toJsonText(input.waitingStates)}::text::jsonb))
        and not exists (select 1 from a2a_messages
          where service = ${service} and owner = ${owner} and message_key = ${input.messageId})
      returning 1),
    added as (
      insert into a2a_events (task_id, generation, artifact, change)
      select ${id}, ${generation + 1}::bigint, false, ${toJsonText(input.change)}::text::jsonb from held)
    insert into a2a_messages (task_id, generation, position, service, owner, message_key, fingerprint, message)
    select ${id}, ${generation + 1}::bigint, s.p, ${service}, ${owner}, s.k, s.f, s.m
    from held, jsonb_to_recordset(${toJsonText(messages)}::text::jsonb) as s(p int, k text, f text, m jsonb)
    returning 1`
  return rows.length > 0
}
