import { setTimeout as sleep } from 'node:timers/promises'
import type { Session } from './session.ts'

export interface KeeperOptions {
  /** Starts Postgres unless it runs, and gives a new session. */
  readonly again: () => Promise<Session>
  /** Null: nothing is watched. */
  readonly onRestart: ((message: string, error?: unknown) => void) | null
}

const LOOK_MS = 500
/** A look that is under way when the watch ends gets so long. */
const STOP_MS = 5_000

/**
 * Watches a session. When its connection is cut, or Postgres has died, it is opened again, after starting Postgres
 * where that is needed; a try that fails is followed by the next. `stop` ends the watch and gives the present session.
 */
export function keepWhole(first: Session, options: KeeperOptions): { stop(): Promise<Session> } {
  const { again, onRestart } = options
  let session = first
  let stopped = false
  let looking: Promise<void> = Promise.resolve()
  let complained = false

  const look = async () => {
    if (await session.isWhole()) return
    if (stopped) return
    try {
      const renewed = await again()
      await session.close()
      session = renewed
      complained = false
      onRestart?.('the embedded Postgres had gone and is back')
    } catch (error) {
      if (!complained) onRestart?.('the embedded Postgres has gone and does not come back yet', error)
      complained = true
    }
  }

  if (onRestart === null) return { stop: async () => session }
  let timer: NodeJS.Timeout
  const plan = () => {
    timer = setTimeout(() => {
      looking = look().finally(() => {
        if (!stopped) plan()
      })
    }, LOOK_MS)
    timer.unref()
  }
  plan()
  return {
    async stop() {
      stopped = true
      clearTimeout(timer)
      await Promise.race([looking, sleep(STOP_MS, undefined, { ref: false })])
      return session
    },
  }
}
