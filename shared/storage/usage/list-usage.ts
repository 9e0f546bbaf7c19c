import { and, eq, gte, lt, sql } from 'drizzle-orm'
import type { DbOrTx } from '../runs/rows.ts'
import { llmUsage } from '../schema/usage.ts'

/** Tokens of a day (UTC), by key, agent and model. */
export interface UsageLine {
  /** `YYYY-MM-DD`. */
  readonly day: string
  readonly owner: string
  readonly service: string
  readonly model: string
  readonly calls: number
  readonly runs: number
  readonly promptTokens: number
  readonly completionTokens: number
  readonly totalTokens: number
}

/** Usage from `start` up to `end`, of one owner or, with null, of all; the newest day first, at most 5,000 lines. */
export async function listUsage(
  db: DbOrTx,
  input: { readonly owner: string | null; readonly start: Date; readonly end: Date },
): Promise<UsageLine[]> {
  const day = sql<string>`to_char(${llmUsage.at} at time zone 'UTC', 'YYYY-MM-DD')`
  return db
    .select({
      day,
      owner: llmUsage.owner,
      service: llmUsage.service,
      model: llmUsage.model,
      calls: sql<number>`count(*)::int`,
      runs: sql<number>`count(distinct ${llmUsage.runId})::int`,
      promptTokens: sql<number>`sum(${llmUsage.promptTokens})::float8`,
      completionTokens: sql<number>`sum(${llmUsage.completionTokens})::float8`,
      totalTokens: sql<number>`sum(${llmUsage.totalTokens})::float8`,
    })
    .from(llmUsage)
    .where(
      and(
        gte(llmUsage.at, input.start),
        lt(llmUsage.at, input.end),
        input.owner === null ? undefined : eq(llmUsage.owner, input.owner),
      ),
    )
    .groupBy(day, llmUsage.owner, llmUsage.service, llmUsage.model)
    .orderBy(sql`1 desc, 2, 3, 4`)
    .limit(5_000)
}
