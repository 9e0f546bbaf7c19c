import { and, eq, isNull, sql } from 'drizzle-orm'
import { sameHash } from '../../config/digest.ts'
import { builtOnce } from '../built-once.ts'
import type { Db } from '../db.ts'
import { apiKeys } from '../schema/api-keys.ts'
import { type KeyMaterial, toKeyMaterial } from './key-material.ts'

/** Who a valid API key stands for: `id` owns what is made with it. */
export interface KeyActor {
  readonly id: string
  readonly name: string
  readonly scopes: readonly string[]
  /** Tokens that it may use in 24 hours, or null. */
  readonly tokensPerDay: number | null
}

/** The actor of a secret, straight from the table; null for a key that is unknown or revoked. */
export async function findApiKey(db: Db, secret: string): Promise<KeyActor | null> {
  return findKeyOf(db, await toKeyMaterial(secret))
}

/** The same for what is stored of a secret. */
export async function findKeyOf(db: Db, { lookup, hash }: KeyMaterial): Promise<KeyActor | null> {
  const rows = await keyQuery(db).execute({ lookup })
  const row = rows.find((candidate) => sameHash(candidate.hash, hash))
  if (!row) return null
  const { id, name, scopes, tokensPerDay } = row
  return { id, name, scopes, tokensPerDay }
}

const keyQuery = builtOnce((db) =>
  db
    .select()
    .from(apiKeys)
    .where(and(eq(apiKeys.lookup, sql.placeholder('lookup')), isNull(apiKeys.revokedAt)))
    .prepare('key_by_lookup'),
)
