import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  unique,
} from 'drizzle-orm/pg-core'

const at = () => timestamp({ withTimezone: true, mode: 'date', precision: 3 })
const generation = () => bigint({ mode: 'number' })

/**
 * Tasks of the A2A protocol, of all services that share this database. States, statuses, messages and changes are
 * ProtoJSON. `generation` grows by one a stored change; `turn` is the one at which the last message came.
 */
export const a2aTasks = pgTable(
  'a2a_tasks',
  {
    id: text().primaryKey(),
    service: text().notNull(),
    owner: text().notNull(),
    contextId: text().notNull(),
    generation: generation().notNull(),
    turn: generation().notNull(),
    turnAt: at().notNull(),
    state: text().notNull(),
    status: jsonb().$type<Readonly<Record<string, unknown>>>().notNull(),
    statusAt: at().notNull(),
    /** Who asked for its end. */
    cancel: text({ enum: ['caller', 'left'] }),
    /** The process that runs it, and until when that counts without a further sign of life. */
    holder: text(),
    leaseUntil: at(),
    /** Names the last write, so that one whose answer was lost is known again. */
    lastWrite: text(),
    traceparent: text(),
    createdAt: at().notNull(),
    endedAt: at(),
  },
  (t) => [
    index('a2a_tasks_newest').on(t.service, t.owner, t.statusAt.desc(), t.id.desc()),
    index('a2a_tasks_leased').on(t.service, t.leaseUntil).where(sql`ended_at is null`),
    index('a2a_tasks_ended').on(t.service, t.endedAt).where(sql`ended_at is not null`),
  ],
)

/** What a task was told, and what it had asked for. `message_key` is dropped when the message may start anew. */
export const a2aMessages = pgTable(
  'a2a_messages',
  {
    taskId: text()
      .notNull()
      .references(() => a2aTasks.id, { onDelete: 'cascade' }),
    generation: generation().notNull(),
    position: integer().notNull(),
    service: text().notNull(),
    owner: text().notNull(),
    messageKey: text(),
    fingerprint: text(),
    message: jsonb().$type<Readonly<Record<string, unknown>>>().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.taskId, t.generation, t.position] }),
    unique('a2a_messages_once').on(t.service, t.owner, t.messageKey),
  ],
)

/** Changes of a task by the generation that each made. */
export const a2aEvents = pgTable(
  'a2a_events',
  {
    taskId: text()
      .notNull()
      .references(() => a2aTasks.id, { onDelete: 'cascade' }),
    generation: generation().notNull(),
    /** True for a change of an artifact: they make up the task as it is read. */
    artifact: boolean().notNull(),
    change: jsonb().$type<Readonly<Record<string, unknown>>>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.taskId, t.generation] })],
)

/**
 * Who wants to hear of a task. `delivered` is the last generation that was; what is after it is still to go, in order.
 */
export const a2aPushConfigs = pgTable(
  'a2a_push_configs',
  {
    taskId: text()
      .notNull()
      .references(() => a2aTasks.id, { onDelete: 'cascade' }),
    id: text().notNull(),
    url: text().notNull(),
    scheme: text().notNull(),
    /** Token and credentials, encrypted. */
    sealed: text().notNull(),
    delivered: generation().notNull(),
    attempts: integer().notNull().default(0),
    dueAt: at().notNull(),
    holder: text(),
    leaseUntil: at(),
    /** When it was given up, and why. */
    deadAt: at(),
    fault: text(),
    createdAt: at().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.taskId, t.id] }),
    index('a2a_push_configs_due').on(t.dueAt).where(sql`dead_at is null`),
  ],
)
