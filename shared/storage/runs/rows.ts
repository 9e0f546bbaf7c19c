import type { InferSelectModel } from 'drizzle-orm'
import type { AgentEventBody } from '../../domain/event.ts'
import type { Wire } from '../../domain/wire.ts'
import type { Db } from '../db.ts'
import type { runEvents, runs } from '../schema/runs.ts'
import { storableJson } from '../storable.ts'

/** A connection, or a transaction of one: verbs take either, so that several can share a transaction. */
export type DbOrTx = Db | Parameters<Parameters<Db['transaction']>[0]>[0]

/** A run as its table has it. */
export type RunRow = InferSelectModel<typeof runs>

/** An event's body as every wire of ours has it: snake_case keys. */
export type WireEvent = Wire<AgentEventBody>

/** A stored event: its place in the run, when and by whom it was said. */
export interface StoredEvent {
  readonly seq: number
  readonly attempt: number
  readonly at: Date
  readonly service: string
  readonly event: WireEvent
}

/** Row to event. The column holds what `appendEvents` and its like wrote, which take a `WireEvent` only. */
export function toStoredEvent(row: InferSelectModel<typeof runEvents>): StoredEvent {
  return {
    seq: row.seq,
    attempt: row.attempt,
    at: row.at,
    service: row.service,
    event: row.event as unknown as WireEvent,
  }
}

/** Event to row, the inverse of `toStoredEvent`. */
export function fromStoredEvent(runId: string, stored: StoredEvent) {
  return { runId, ...stored, event: { ...storableRecord(stored.event) } }
}

/** Plain JSON that Postgres takes; `storableJson` keeps objects objects. */
export function storableRecord<T extends object>(value: T): T {
  return storableJson(value) as T
}
