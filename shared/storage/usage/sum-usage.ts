import { eq, sql } from 'drizzle-orm'
import type { TokenUsage } from '../../domain/run.ts'
import type { DbOrTx } from '../runs/rows.ts'
import { llmUsage } from '../schema/usage.ts'

/** Tokens that a run has used so far, over all agents and tries. */
export async function sumUsage(db: DbOrTx, input: { runId: string }): Promise<TokenUsage> {
  const [row] = await db
    .select({
      promptTokens: sql<number>`coalesce(sum(${llmUsage.promptTokens}), 0)::int`,
      completionTokens: sql<number>`coalesce(sum(${llmUsage.completionTokens}), 0)::int`,
      totalTokens: sql<number>`coalesce(sum(${llmUsage.totalTokens}), 0)::int`,
    })
    .from(llmUsage)
    .where(eq(llmUsage.runId, input.runId))
  return row ?? { promptTokens: 0, completionTokens: 0, totalTokens: 0 }
}
