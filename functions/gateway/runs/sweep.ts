import type { Log } from '../../../shared/config/log.ts'
import type { Now } from '../../../shared/domain/ids.ts'
import { AetherError } from '../../../shared/errors/aether-error.ts'
import { toWireError } from '../../../shared/errors/wire.ts'
import { oneAtATime } from '../../../shared/http/one-at-a-time.ts'
import type { Db } from '../../../shared/storage/db.ts'
import { claimStaleRuns } from '../../../shared/storage/runs/claim-run.ts'
import { expireRuns } from '../../../shared/storage/runs/expire-runs.ts'
import { storageCall } from '../../../shared/storage/storage-call.ts'
import type { GatewayLimits } from '../limits.ts'
import type { Runs } from './runs.ts'
import type { Timers } from './timers.ts'

export interface SweeperDeps {
  readonly db: Db
  readonly runs: Runs
  readonly timers: Timers
  readonly now: Now
  readonly log: Log
  readonly limits: GatewayLimits
  readonly instance: string
}

/** Takes up runs that lost their process, and fails those that lost it too often or too long ago. */
export interface Sweeper {
  start(): void
  stop(): void
  sweep(): Promise<void>
}

/** Runs taken up in one go. */
const BATCH = 10
/** A round that gets no answer does not hold up the next ones for ever. */
const ROUND_MS = 10_000

/** A sweeper; `start` sweeps at once and then every few seconds, a sweep that fails is logged and comes again. */
export function createSweeper(deps: SweeperDeps): Sweeper {
  const { db, limits } = deps
  const bounds = { maxAttempts: limits.maxAttempts, maxAgeMs: limits.maxAgeMs, limit: BATCH }
  let end: (() => void) | null = null

  async function sweep(): Promise<void> {
    const except = deps.runs.ids()
    const error = toWireError(new AetherError('INTERRUPTED'))
    for (const { run } of await expireRuns(db, { ...bounds, except, error, at: new Date(deps.now()) }))
      deps.log.warn('run failed', { run_id: run.id, code: 'INTERRUPTED', attempts: run.attempts })
    const lease = { holder: deps.instance, ms: limits.leaseMs }
    for (const run of await claimStaleRuns(db, { ...bounds, except, lease })) {
      deps.log.info('run taken up', { run_id: run.id, attempt: run.attempts })
      deps.runs.start(run, { claimed: true })
    }
  }

  const sweepAlone = oneAtATime(() =>
    storageCall(ROUND_MS, sweep).catch((error) => deps.log.warn('sweep', { error })),
  )

  return {
    sweep,
    start() {
      void sweepAlone()
      end ??= deps.timers.every(limits.sweepMs, () => void sweepAlone())
    },
    stop() {
      end?.()
      end = null
    },
  }
}
