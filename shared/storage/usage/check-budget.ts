import { and, eq, gt, sql } from 'drizzle-orm'
import { AetherError } from '../../errors/aether-error.ts'
import type { DbOrTx } from '../runs/rows.ts'
import { llmUsage } from '../schema/usage.ts'

const DAY_MS = 86_400_000

/**
 * Tokens that an owner has left of what it may use in 24 hours; null where it may use any number. Throws
 * BUDGET_EXHAUSTED when none are left, with the seconds until the oldest of them no longer count.
 */
export async function checkBudget(
  db: DbOrTx,
  input: { readonly owner: string; readonly perDay: number | null; readonly at: Date },
): Promise<number | null> {
  const { owner, perDay, at } = input
  if (perDay === null) return null
  const [row] = await db
    .select({
      used: sql<number>`coalesce(sum(${llmUsage.totalTokens}), 0)::float8`,
      oldest: sql<number | null>`extract(epoch from min(${llmUsage.at}))::float8`,
    })
    .from(llmUsage)
    .where(and(eq(llmUsage.owner, owner), gt(llmUsage.at, new Date(at.getTime() - DAY_MS))))
  const left = perDay - (row?.used ?? 0)
  if (left > 0) return left
  const oldest = row?.oldest == null ? at.getTime() : row.oldest * 1_000
  const retryAfterS = Math.max(1, Math.ceil((oldest + DAY_MS - at.getTime()) / 1_000))
  throw new AetherError('BUDGET_EXHAUSTED', undefined, { details: { retryAfterS } })
}
