import type { Db } from '../db.ts'
import { type Json, leaseEnd, sqlOf, type TaskKey, type TaskLease, toJsonText } from './rows.ts'

export interface AppendChanges extends TaskKey {
  /** At which the task must be. */
  readonly generation: number
  /** Names this write. */
  readonly write: string
  readonly changes: readonly { readonly artifact: boolean; readonly change: Json }[]
  /** The status as the changes leave it; null when they leave it as it is. */
  readonly status: {
    readonly state: string
    readonly status: Json
    /** ISO 8601. */
    readonly at: string
    readonly ended: boolean
    readonly waiting: boolean
  } | null
  /**
   * `held`: only by whoever holds the task, whose lease it renews; `lost`: only when nobody does any more, and the
   * task's messages may start anew; `anybody`: whoever comes first.
   */
  readonly by: 'held' | 'lost' | 'anybody'
  readonly lease: TaskLease
}

/**
 * Stores changes of a task that is at a generation and has not ended, in one statement. False: it was elsewhere or has
 * ended, or `by` did not hold, and nothing was written.
 */
export async function appendChanges(db: Db, input: AppendChanges): Promise<boolean> {
  const sql = sqlOf(db)
  const { status, by, lease, generation } = input
  const over = status !== null && (status.ended || status.waiting)
  const events = input.changes.map(({ artifact, change }, index) => ({
    g: generation + index + 1,
    a: artifact,
    c: change,
  }))
  const rows = await sql`
    with held as (
      update a2a_tasks set
        generation = ${generation + events.length},
        state = coalesce(${status?.state ?? null}, state),
        status = coalesce(${status ? toJsonText(status.status) : null}::text::jsonb, status),
        status_at = coalesce(${status?.at ?? null}::text::timestamptz, status_at),
        ended_at = case when ${status?.ended ?? false}::boolean then now() end,
        lease_until = case
          when ${over}::boolean then null
          when ${by === 'held'}::boolean then ${leaseEnd(sql, lease.ms)}
          else lease_until end,
        last_write = ${input.write}
      where id = ${input.id} and service = ${input.service} and owner = ${input.owner}
        and generation = ${generation} and ended_at is null
        and case ${by}::text
          when 'held' then holder = ${lease.holder} and lease_until is not null
          when 'lost' then lease_until < now()
          else true end
      returning id),
    freed as (
      update a2a_messages m set message_key = null from held
      where ${by === 'lost'}::boolean and m.task_id = held.id),
    added as (
      insert into a2a_events (task_id, generation, artifact, change)
      select held.id, e.g, e.a, e.c
      from held, jsonb_to_recordset(${toJsonText(events)}::text::jsonb) as e(g bigint, a boolean, c jsonb))
    select 1 from held`
  return rows.length > 0
}

/** True when the task's last write is the one of this name: it was made, though its answer was lost. */
export async function wasWritten(
  db: Db,
  input: { readonly id: string; readonly write: string },
): Promise<boolean> {
  const rows = await sqlOf(db)`
    select 1 from a2a_tasks where id = ${input.id} and last_write = ${input.write}`
  return rows.length > 0
}
