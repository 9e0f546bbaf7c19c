import { steadyNow } from '../domain/time/steady.ts'
import { type AetherError, toAetherError } from '../errors/aether-error.ts'
import { storageCall } from './storage-call.ts'

const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 1_000
/** Longest that a run waits for its database, away or slow. */
const OUTAGE_MS = 30_000

/**
 * Runs a storage verb again and again while the database is away, for up to half a minute: what a run has found out
 * must not be lost by a restart of the database. `work` is told whether it is a repetition, whose first try may have
 * been made; a try that is under way is waited for until the time is over, and no second one set beside it. Throws
 * STORAGE_UNAVAILABLE, or what waiting does not mend: errors of ours, and INTERNAL. `onFault` is told of each try that
 * failed.
 */
export async function persistently<T>(
  work: (again: boolean) => Promise<T>,
  onFault?: (error: AetherError) => void,
): Promise<T> {
  const until = steadyNow() + OUTAGE_MS
  let again = false
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    try {
      return await storageCall(until - steadyNow(), () => work(again))
    } catch (thrown) {
      const error = toAetherError(thrown)
      onFault?.(error)
      if (error.code !== 'STORAGE_UNAVAILABLE' || steadyNow() + pause > until) throw error
      again = true
      await new Promise((resolve) => setTimeout(resolve, pause))
    }
  }
}
