import type { Now } from '../../domain/ids.ts'
import type { Db } from '../db.ts'
import { findKeyOf, type KeyActor } from './find-api-key.ts'
import { type KeyMaterial, toKeyMaterial } from './key-material.ts'

export interface KeyFinderOptions {
  readonly db: Db
  readonly now: Now
  /** How long a found key is believed without a look at the table: an upper bound for how long a revoked one works. */
  readonly keptMs?: number
  readonly max?: number
}

/**
 * A lookup of API keys that asks the table at most once in `keptMs` (900 ms) for each key. Only keys that exist are
 * kept, at most `max` (1,000), so wrong ones can neither fill it nor hide a key made a moment later.
 */
export function createKeyFinder(options: KeyFinderOptions): (secret: string) => Promise<KeyActor | null> {
  const { db, now, keptMs = 900, max = 1_000 } = options
  const kept = new Map<string, { actor: KeyActor; material: KeyMaterial; until: number }>()
  return async (secret) => {
    const known = kept.get(secret)
    const asked = now()
    if (known && asked < known.until) return known.actor
    kept.delete(secret)
    // A digest takes as long as the look itself, and is the same every time.
    const material = known?.material ?? (await toKeyMaterial(secret))
    const actor = await findKeyOf(db, material)
    if (!actor) return null
    const oldest = kept.keys().next()
    if (kept.size >= max && !oldest.done) kept.delete(oldest.value)
    kept.set(secret, { actor, material, until: asked + keptMs })
    return actor
  }
}
