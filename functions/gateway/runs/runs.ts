import { AetherError } from '../../../shared/errors/aether-error.ts'
import { newTraceparent } from '../../../shared/http/trace-context.ts'
import { cancelRun } from '../../../shared/storage/runs/cancel-run.ts'
import type { RunRow } from '../../../shared/storage/runs/rows.ts'
import { type CarryOutDeps, carryOut } from './carry-out.ts'
import { toRunError } from './run-error.ts'
import { pause } from './timers.ts'

export interface RunsDeps extends CarryOutDeps {
  /** Keeps the host alive for work that no request waits for. */
  readonly waitUntil: (work: Promise<unknown>) => void
}

export interface StartOptions {
  /** The lease is taken already: the row is as `claimStaleRuns` gave it. */
  readonly claimed?: boolean
  readonly traceparent?: string
}

/** The runs that this process carries out, detached from any connection. */
export interface Runs {
  /** Begins a stored run, or takes it up again; nothing happens when it is at work here already. */
  start(run: RunRow, options?: StartOptions): void
  /** Cancels an open run of its owner, wherever it runs; see `cancelRun` for the errors. */
  cancel(input: { runId: string; owner: string }): Promise<RunRow>
  /** Gives running runs the time, then leaves what is left to the next process. */
  drain(graceMs: number): Promise<void>
  readonly active: number
}

/** How long the last writes of a drained run may take. */
const LETTING_GO_MS = 3_000

/** The registry of executions: at most one a run in this process. */
export function createRuns(deps: RunsDeps): Runs {
  const active = new Map<string, { stop: AbortController; done: Promise<void> }>()
  const allDone = () => Promise.all([...active.values()].map((entry) => entry.done))
  return {
    start(run, options = {}) {
      if (active.has(run.id)) return
      const stop = new AbortController()
      const claimed = options.claimed === true ? run : null
      const done = carryOut(run, claimed, stop, options.traceparent ?? newTraceparent(), deps).finally(() =>
        active.delete(run.id),
      )
      active.set(run.id, { stop, done })
      deps.waitUntil(done)
    },
    async cancel({ runId, owner }) {
      const error = new AetherError('CANCELLED')
      const { run, last } = await cancelRun(deps.db, {
        runId,
        owner,
        error: toRunError(error),
        at: new Date(deps.now()),
      })
      if (last !== null) deps.feed.channel(runId)?.publish({ kind: 'stored', stored: last })
      active.get(runId)?.stop.abort(error)
      return run
    },
    async drain(graceMs) {
      if (active.size > 0) await Promise.race([allDone(), pause(deps.timers, graceMs)])
      for (const { stop } of active.values()) stop.abort(new AetherError('SERVER_SHUTDOWN'))
      if (active.size > 0) await Promise.race([allDone(), pause(deps.timers, LETTING_GO_MS)])
    },
    get active() {
      return active.size
    },
  }
}
