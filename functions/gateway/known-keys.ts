import type { Now } from '../../shared/domain/ids.ts'
import { AetherError } from '../../shared/errors/aether-error.ts'
import type { Actor } from '../../shared/http/app-env.ts'

type Find = (secret: string) => Promise<Actor | null>

/** Finds keys, and remembers those that were good: for the status alone, which is wanted most when storage is away. */
export interface KnownKeys {
  /** As storage has it. */
  readonly find: Find
  /** The same within a shorter time; a key that was good lately is believed where storage does not answer. */
  readonly findOrRecall: Find
}

/** How long, and how many, keys are remembered. */
const KEPT_MS = 3_600_000
const MAX = 1_000

/** `find` and `quick` look into storage, within the time of a request and of a status. */
export function createKnownKeys(deps: { find: Find; quick: Find; now: Now }): KnownKeys {
  const { now } = deps
  const good = new Map<string, { actor: Actor; until: number }>()
  const noting =
    (find: Find): Find =>
    async (secret) => {
      const actor = await find(secret)
      good.delete(secret) // also one that is good no more
      if (actor === null) return null
      const oldest = good.keys().next()
      if (good.size >= MAX && !oldest.done) good.delete(oldest.value)
      good.set(secret, { actor, until: now() + KEPT_MS })
      return actor
    }
  const quick = noting(deps.quick)
  return {
    find: noting(deps.find),
    async findOrRecall(secret) {
      try {
        return await quick(secret)
      } catch (error) {
        const known = good.get(secret)
        const away = error instanceof AetherError && error.code === 'STORAGE_UNAVAILABLE'
        if (away && known && now() < known.until) return known.actor
        throw error
      }
    },
  }
}
