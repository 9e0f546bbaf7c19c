import { bigint, index, integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core'

/** Tokens of one call of a language model. `run_id` is null for background tasks, which have no run. */
export const llmUsage = pgTable(
  'llm_usage',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    owner: text().notNull(),
    runId: text(),
    service: text().notNull(),
    model: text().notNull(),
    promptTokens: integer().notNull(),
    completionTokens: integer().notNull(),
    totalTokens: integer().notNull(),
    at: timestamp({ withTimezone: true, mode: 'date' }).notNull(),
  },
  (t) => [index('llm_usage_owner_at').on(t.owner, t.at), index('llm_usage_run').on(t.runId)],
)
