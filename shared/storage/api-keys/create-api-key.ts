import { AetherError } from '../../errors/aether-error.ts'
import type { Db } from '../db.ts'
import { apiKeys } from '../schema/api-keys.ts'
import { newKeySecret, toKeyMaterial } from './key-material.ts'

export interface NewApiKey {
  readonly id: string
  readonly name: string
  readonly scopes: readonly string[]
  /** Tokens that it may use in 24 hours; null: what the installation's default says. */
  readonly tokensPerDay?: number | null
}

/**
 * Makes an API key and gives its secret, this once: only a hash is stored. CONFLICT while another key of that name
 * is alive.
 */
export async function createApiKey(db: Db, input: NewApiKey): Promise<{ secret: string }> {
  const secret = newKeySecret()
  const [row] = await db
    .insert(apiKeys)
    .values({ ...input, ...(await toKeyMaterial(secret)) })
    .onConflictDoNothing()
    .returning({ id: apiKeys.id })
  if (!row)
    throw new AetherError(
      'CONFLICT',
      'There is a key of that name already. Revoke it first, or choose another name.',
    )
  return { secret }
}
