import { and, eq, isNull, sql } from 'drizzle-orm'
import type { Db } from '../db.ts'
import { apiKeys } from '../schema/api-keys.ts'

/** Ends the key of that name, for good. Gives how many were ended: 0 when none of that name is alive. */
export async function revokeApiKey(db: Db, input: { name: string }): Promise<number> {
  const ended = await db
    .update(apiKeys)
    .set({ revokedAt: sql`now()` })
    .where(and(eq(apiKeys.name, input.name), isNull(apiKeys.revokedAt)))
    .returning({ id: apiKeys.id })
  return ended.length
}
