import { sql } from 'drizzle-orm'
import type { Db } from '../db.ts'
import { apiKeys } from '../schema/api-keys.ts'
import { toKeyMaterial } from './key-material.ts'

/** Id and name of the key that the API_KEY variable is. The id never changes, so what it owns survives a new secret. */
export const FIRST_KEY = { id: 'key_first', name: 'API_KEY' } as const

/** Makes API_KEY the first key, with all scopes; a former API_KEY stops working. Safe to repeat. */
export async function ensureFirstKey(db: Db, secret: string): Promise<void> {
  const material = await toKeyMaterial(secret)
  await db
    .insert(apiKeys)
    .values({ ...FIRST_KEY, ...material, scopes: ['*'] })
    .onConflictDoUpdate({
      target: apiKeys.id,
      set: { ...material, scopes: ['*'], revokedAt: sql`null` },
    })
}
