import { sql } from 'drizzle-orm'
import { builtOnce } from '../built-once.ts'
import type { Db } from '../db.ts'
import { llmUsage } from '../schema/usage.ts'

/** Tokens of one model call. */
export type UsageRow = Omit<typeof llmUsage.$inferSelect, 'id'>

/** Counts a model call that belongs to no run; those of a run are stored with its events. */
export async function recordUsage(db: Db, row: UsageRow): Promise<void> {
  await insertion(db).execute(row)
}

const insertion = builtOnce((db) =>
  db
    .insert(llmUsage)
    .values({
      owner: sql.placeholder('owner'),
      runId: sql.placeholder('runId'),
      service: sql.placeholder('service'),
      model: sql.placeholder('model'),
      promptTokens: sql.placeholder('promptTokens'),
      completionTokens: sql.placeholder('completionTokens'),
      totalTokens: sql.placeholder('totalTokens'),
      at: sql.placeholder('at'),
    })
    .prepare('usage_of_a_call'),
)
