import type { Log } from '../../../shared/config/log.ts'
import type { Now } from '../../../shared/domain/ids.ts'
import type { Metrics } from '../../../shared/http/metrics.ts'
import { oneAtATime } from '../../../shared/http/one-at-a-time.ts'
import type { Db } from '../../../shared/storage/db.ts'
import { deleteExpired } from '../../../shared/storage/retention/delete-expired.ts'
import { pause, type Timers } from './timers.ts'

export interface RetentionDeps {
  readonly db: Db
  /** What is older goes; null: everything is kept. */
  readonly keepMs: number | null
  readonly timers: Timers
  readonly now: Now
  readonly log: Log
  readonly metrics: Metrics
}

/** Deletes what has been kept long enough. */
export interface Retention {
  /** Deletes all that is due now, batch after batch. Never throws. */
  clean(): Promise<void>
  start(): void
  stop(): void
}

const EVERY_MS = 3_600_000
/** Small, with a pause after each, so that nobody waits for a lock or the disk. */
const BATCH = 50
const PAUSE_MS = 100

/** Cleans at the start and every hour; without a limit it does nothing. */
export function createRetention(deps: RetentionDeps): Retention {
  const { db, keepMs, timers, now, log } = deps
  const deleted = deps.metrics.counter(
    'aether_retention_deletions_total',
    'Things deleted because they were older than RETENTION_DAYS, by kind.',
  )
  let stopping = new AbortController()
  let end: (() => void) | null = null

  async function deleteAll(kept: number): Promise<void> {
    const before = new Date(now() - kept)
    const sums: Record<string, number> = {}
    try {
      while (!stopping.signal.aborted) {
        const counts = Object.entries(await deleteExpired(db, { before, limit: BATCH }))
        for (const [kind, count] of counts) {
          deleted.add({ kind }, count)
          sums[kind] = (sums[kind] ?? 0) + count
        }
        if (counts.every(([, count]) => count < BATCH)) break
        await pause(timers, PAUSE_MS, stopping.signal)
      }
    } catch (error) {
      log.warn('retention', { error })
    }
    if (Object.values(sums).some((count) => count > 0))
      log.info('deleted what was older than RETENTION_DAYS', { before: before.toISOString(), ...sums })
  }

  const clean = oneAtATime(async () => {
    if (keepMs !== null) await deleteAll(keepMs)
  })

  return {
    clean,
    start() {
      if (keepMs === null) return
      stopping = new AbortController()
      void clean()
      end ??= timers.every(EVERY_MS, () => void clean())
    },
    stop() {
      stopping.abort()
      end?.()
      end = null
    },
  }
}
