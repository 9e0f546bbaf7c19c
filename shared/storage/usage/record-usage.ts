import type { InferInsertModel } from 'drizzle-orm'
import type { DbOrTx } from '../runs/rows.ts'
import { llmUsage } from '../schema/usage.ts'

/** Tokens of one model call. */
export type UsageRow = InferInsertModel<typeof llmUsage>

/** Counts a model call that belongs to no run; those of a run are stored with its events. */
export async function recordUsage(db: DbOrTx, row: UsageRow): Promise<void> {
  await db.insert(llmUsage).values(row)
}
