import { AetherError } from '../errors/aether-error.ts'
import { storageCall } from './storage-call.ts'

const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 1_000
/** Longest that one statement may take, and that a run waits for a database that is away. */
const CALL_MS = 2_000
const OUTAGE_MS = 30_000

/**
 * Runs a storage verb again and again while the database is away, for up to half a minute: what a run has found out
 * must not be lost by a restart of the database. `work` is told whether it is a repetition, whose first try may have
 * been made. Throws STORAGE_UNAVAILABLE, or INTERNAL for what waiting does not mend.
 */
export async function persistently<T>(now: () => number, work: (again: boolean) => Promise<T>): Promise<T> {
  const until = now() + OUTAGE_MS
  let again = false
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    try {
      return await storageCall(CALL_MS, () => work(again))
    } catch (thrown) {
      const away = thrown instanceof AetherError && thrown.code === 'STORAGE_UNAVAILABLE'
      if (!away || now() + pause > until) throw thrown
      again = true
      await new Promise((resolve) => setTimeout(resolve, pause))
    }
  }
}
