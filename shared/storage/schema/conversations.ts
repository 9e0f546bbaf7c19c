import { index, integer, pgTable, primaryKey, text, timestamp, uniqueIndex } from 'drizzle-orm/pg-core'

const at = () => timestamp({ withTimezone: true, mode: 'date' })

/** A thread of turns. `owner` is the key's id; `client_id` what the client calls it, with the place it was read from. */
export const conversations = pgTable(
  'conversations',
  {
    id: text().primaryKey(),
    owner: text().notNull(),
    clientId: text(),
    title: text().notNull(),
    createdAt: at().notNull(),
    updatedAt: at().notNull(),
  },
  (t) => [
    uniqueIndex('conversations_owner_client').on(t.owner, t.clientId),
    index('conversations_owner_updated').on(t.owner, t.updatedAt),
  ],
)

/** What was said, in order of `position`; an answer is there once its run has completed. */
export const messages = pgTable(
  'messages',
  {
    id: text().primaryKey(),
    conversationId: text()
      .notNull()
      .references(() => conversations.id, { onDelete: 'cascade' }),
    runId: text(),
    position: integer().notNull(),
    role: text({ enum: ['user', 'assistant'] }).notNull(),
    content: text().notNull(),
    createdAt: at().notNull(),
  },
  (t) => [uniqueIndex('messages_conversation_position').on(t.conversationId, t.position)],
)

/** Hash over all messages up to and including an answer: how a client without ids finds its conversation again. */
export const conversationHeads = pgTable(
  'conversation_heads',
  {
    owner: text().notNull(),
    hash: text().notNull(),
    conversationId: text()
      .notNull()
      .references(() => conversations.id, { onDelete: 'cascade' }),
    createdAt: at().notNull(),
  },
  (t) => [primaryKey({ columns: [t.owner, t.hash, t.conversationId] })],
)
