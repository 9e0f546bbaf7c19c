import { AetherError } from '../../shared/errors/aether-error.ts'
import { pause, type Timers } from './runs/timers.ts'

/** Classes of SQLSTATE that mean "not now": connection, rollback, resources, operator, and system faults. */
const OUTAGE = /^(08|40|53|57|58)/

/**
 * Runs a storage verb for a request that waits: STORAGE_UNAVAILABLE when the database is away or does not answer
 * within `ms`. Errors of ours pass; any other fault is INTERNAL, with its cause for the log.
 */
export async function storageCall<T>(timers: Timers, ms: number, work: () => Promise<T>): Promise<T> {
  const over = new AbortController()
  const late = pause(timers, ms, over.signal).then(() => LATE)
  try {
    const result = await Promise.race([work(), late])
    if (result === LATE) throw new AetherError('STORAGE_UNAVAILABLE')
    return result as T
  } catch (thrown) {
    throw toStorageError(thrown)
  } finally {
    over.abort()
  }
}

const LATE = Symbol('late')

/** What a storage verb threw, by our table: STORAGE_UNAVAILABLE where waiting helps, else our own error or INTERNAL. */
export function toStorageError(thrown: unknown): AetherError {
  for (let at = thrown, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if (at instanceof AetherError) return at
    const code = 'code' in at ? String(at.code) : ''
    // A code that is no SQLSTATE comes from the driver or the socket.
    if (code !== '' && (code.length !== 5 || OUTAGE.test(code)))
      return new AetherError('STORAGE_UNAVAILABLE', undefined, { cause: thrown })
  }
  return new AetherError('INTERNAL', undefined, { cause: thrown })
}
