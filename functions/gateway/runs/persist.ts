import { toStorageError } from '../../../shared/storage/to-storage-error.ts'
import { pause, type Timers } from './timers.ts'

/**
 * Repeats a write while the database is away, at most `forMs`: a run that waits for its storage is not lost by a short
 * outage. A refusal that is not an outage is thrown at once.
 */
export async function persist<T>(
  write: () => Promise<T>,
  options: { timers: Timers; forMs: number; everyMs: number; onFault: (error: unknown) => void },
): Promise<T> {
  const tries = Math.max(1, Math.ceil(options.forMs / options.everyMs))
  for (let i = 1; ; i++) {
    try {
      return await write()
    } catch (thrown) {
      const error = toStorageError(thrown)
      options.onFault(error)
      if (error.code !== 'STORAGE_UNAVAILABLE' || i >= tries) throw error
      await pause(options.timers, options.everyMs)
    }
  }
}
