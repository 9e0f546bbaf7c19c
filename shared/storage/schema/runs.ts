import { sql } from 'drizzle-orm'
import { bigint, index, integer, jsonb, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core'
import type { AgentName } from '../../domain/names.ts'
import { RUN_STATES, type RunError } from '../../domain/run.ts'
import type { Turn } from '../../domain/turn.ts'
import { conversations } from './conversations.ts'

const at = () => timestamp({ withTimezone: true, mode: 'date' })

/** How the run is to be carried out, beside its turn; needed again when another process takes it up. */
export interface RunOptions {
  readonly agent: AgentName
  /** Stop sequences of the final text. */
  readonly stop: readonly string[]
  /** The client's own id of the message, or null; a retry has the same one. */
  readonly clientMessageId: string | null
  /** Tokens that the key had left when the run was accepted; absent or null: as many as it takes. */
  readonly tokensLeft?: number | null
}

/** One accepted user turn. `turn` is dropped at the end; `message_hash` covers all messages of the turn. */
export const runs = pgTable(
  'runs',
  {
    id: text().primaryKey(),
    owner: text().notNull(),
    conversationId: text()
      .notNull()
      .references(() => conversations.id, { onDelete: 'cascade' }),
    state: text({ enum: RUN_STATES }).notNull(),
    options: jsonb().$type<RunOptions>().notNull(),
    turn: jsonb().$type<Turn>(),
    messageHash: text().notNull(),
    attempts: integer().notNull().default(0),
    leaseHolder: text(),
    leaseUntil: at(),
    answer: text(),
    analysisIds: jsonb().$type<readonly string[]>().notNull(),
    promptTokens: integer().notNull().default(0),
    completionTokens: integer().notNull().default(0),
    totalTokens: integer().notNull().default(0),
    error: jsonb().$type<RunError>(),
    createdAt: at().notNull(),
    startedAt: at(),
    endedAt: at(),
    /** When a connection that waited for this run was cut before its end. */
    cutAt: at(),
    /** W3C trace context of the request that began it; each execution belongs to that trace. */
    traceparent: text(),
  },
  (t) => [
    index('runs_conversation').on(t.conversationId, t.createdAt),
    index('runs_owner_message').on(t.owner, t.messageHash),
    index('runs_open').on(t.leaseUntil).where(sql`state in ('queued', 'running', 'interrupted')`),
  ],
)

/** Events of a run in order of `seq`, from 1 without a gap. `event` is wire JSON. */
export const runEvents = pgTable(
  'run_events',
  {
    runId: text()
      .notNull()
      .references(() => runs.id, { onDelete: 'cascade' }),
    seq: bigint({ mode: 'number' }).notNull(),
    attempt: integer().notNull(),
    at: at().notNull(),
    service: text().notNull(),
    event: jsonb().$type<Readonly<Record<string, unknown>>>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.runId, t.seq] })],
)

/** Which run an Idempotency-Key stands for; kept 24 hours. */
export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    owner: text().notNull(),
    key: text().notNull(),
    bodyHash: text().notNull(),
    runId: text()
      .notNull()
      .references(() => runs.id, { onDelete: 'cascade' }),
    createdAt: at().notNull(),
  },
  (t) => [primaryKey({ columns: [t.owner, t.key] })],
)

/** What a person thought of a run's answer; the last word counts. */
export const runFeedback = pgTable('run_feedback', {
  runId: text()
    .primaryKey()
    .references(() => runs.id, { onDelete: 'cascade' }),
  rating: text({ enum: ['up', 'down'] }).notNull(),
  comment: text(),
  at: at().notNull(),
  /** When the trace server took it; null until then. */
  deliveredAt: at(),
})

/** Finished steps of a run that has not ended, by the agent's call: a run that is taken up does not repeat them. */
export const runSteps = pgTable(
  'run_steps',
  {
    runId: text()
      .notNull()
      .references(() => runs.id, { onDelete: 'cascade' }),
    scope: text().notNull(),
    position: integer().notNull(),
    name: text().notNull(),
    output: jsonb().$type<unknown>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.runId, t.scope, t.position] })],
)
