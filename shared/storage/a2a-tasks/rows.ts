import type postgres from 'postgres'
import type { Db } from '../db.ts'
import { storableJson } from '../storable.ts'

/** ProtoJSON as it is stored. */
export type Json = Readonly<Record<string, unknown>>

/** Whose task, in which service. */
export interface TaskKey {
  readonly service: string
  readonly owner: string
  readonly id: string
}

/** Who runs a task, and for how long from now (by the database's clock) without a further sign of life. */
export interface TaskLease {
  readonly holder: string
  readonly ms: number
}

/** A task as it stands. */
export interface TaskRow {
  readonly id: string
  readonly owner: string
  readonly contextId: string
  readonly generation: number
  readonly turn: number
  /** ISO 8601. */
  readonly turnAt: string
  readonly status: Json
  readonly cancel: 'caller' | 'left' | null
  readonly traceparent: string | null
  /** Its process gave no sign of life in time. */
  readonly expired: boolean
  readonly ended: boolean
  readonly history: readonly Json[]
  /** Changes of its artifacts, in order. */
  readonly artifacts: readonly Json[]
}

/** A stored change and the generation that it made. */
export interface ChangeRow {
  readonly generation: number
  readonly change: Json
}

/**
 * The driver itself: its statements are prepared once a connection, which halves the round trips of the few verbs that
 * stand before every first event.
 */
export const sqlOf = (db: Db): postgres.Sql => db.$client

/** JSON text for a jsonb column. The walk is only made where Postgres would refuse the text. */
export function toJsonText(value: unknown): string {
  const text = JSON.stringify(value)
  return /\\u(?:0000|d[89a-f])/i.test(text) ? JSON.stringify(storableJson(value)) : text
}

/** A row of the driver as a task; its big numbers come as text. */
export function toTaskRow(row: postgres.Row): TaskRow {
  return {
    id: row.id,
    owner: row.owner,
    contextId: row.context_id,
    generation: Number(row.generation),
    turn: Number(row.turn),
    turnAt: new Date(row.turn_at).toISOString(),
    status: row.status,
    cancel: row.cancel,
    traceparent: row.traceparent,
    expired: row.expired,
    ended: row.ended_at !== null,
    history: row.history ?? [],
    artifacts: row.artifacts ?? [],
  }
}

/** Columns of a `TaskRow` but for its artifacts. */
export function taskColumns(sql: postgres.Sql): postgres.PendingQuery<postgres.Row[]> {
  return sql`t.id, t.owner, t.context_id, t.generation, t.turn, t.turn_at, t.status, t.cancel, t.traceparent,
    t.ended_at, t.ended_at is null and coalesce(t.lease_until < now(), false) as expired,
    (select jsonb_agg(m.message order by m.generation, m.position)
      from a2a_messages m where m.task_id = t.id) as history`
}

/** The instant at which a lease taken now runs out, by the database's clock. */
export function leaseEnd(sql: postgres.Sql, ms: number): postgres.PendingQuery<postgres.Row[]> {
  return sql`now() + make_interval(secs => ${ms / 1000}::double precision)`
}
