import { AetherError } from '../../shared/errors/aether-error.ts'
import { toStorageError } from '../../shared/storage/to-storage-error.ts'
import { pause, type Timers } from './runs/timers.ts'

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
