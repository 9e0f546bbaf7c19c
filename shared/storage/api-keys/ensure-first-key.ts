import { eq } from 'drizzle-orm'
import type { Db } from '../db.ts'
import { apiKeys } from '../schema/api-keys.ts'
import { toKeyMaterial } from './key-material.ts'

/** Id and name of the key that the API_KEY variable is. The id never changes, so what it owns survives a new secret. */
export const FIRST_KEY = { id: 'key_first', name: 'API_KEY' } as const

/**
 * Makes API_KEY the first key, with all scopes; a former API_KEY stops working. Safe to repeat, and for processes that
 * start at once.
 */
export async function ensureFirstKey(db: Db, secret: string): Promise<void> {
  const values = { ...(await toKeyMaterial(secret)), scopes: ['*'], revokedAt: null }
  // Two statements: an upsert on the id alone fails when another process's row meets the index of names first.
  await db
    .insert(apiKeys)
    .values({ ...FIRST_KEY, ...values })
    .onConflictDoNothing()
  await db.update(apiKeys).set(values).where(eq(apiKeys.id, FIRST_KEY.id))
}
