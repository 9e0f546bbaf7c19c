import { eq } from 'drizzle-orm'
import type { DbOrTx } from '../runs/rows.ts'
import { apiKeys } from '../schema/api-keys.ts'

/** Tokens that a key may use in 24 hours; null where it has no budget of its own, or there is no such key. */
export async function tokensPerDay(db: DbOrTx, input: { readonly id: string }): Promise<number | null> {
  const [row] = await db
    .select({ tokensPerDay: apiKeys.tokensPerDay })
    .from(apiKeys)
    .where(eq(apiKeys.id, input.id))
  return row?.tokensPerDay ?? null
}
