import { AetherError } from '../../errors/aether-error.ts'
import { storageCall } from '../../storage/storage-call.ts'

const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 1_000

/**
 * Runs a storage verb again and again while the database is away, for up to `forMs`: what a run has found out must not
 * be lost by a restart of the database. `work` is told whether it is a repetition, whose first try may have been made.
 */
export async function persistently<T>(
  options: { readonly callMs: number; readonly forMs: number; readonly now: () => number },
  work: (again: boolean) => Promise<T>,
): Promise<T> {
  const until = options.now() + options.forMs
  let again = false
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    try {
      return await storageCall(options.callMs, () => work(again))
    } catch (thrown) {
      const away = thrown instanceof AetherError && thrown.code === 'STORAGE_UNAVAILABLE'
      if (!away || options.now() + pause > until) throw thrown
      again = true
      await new Promise((resolve) => setTimeout(resolve, pause))
    }
  }
}
