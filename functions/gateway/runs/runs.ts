import { AetherError } from '../../../shared/errors/aether-error.ts'
import { toWireError } from '../../../shared/errors/wire.ts'
import { cancelRun } from '../../../shared/storage/runs/cancel-run.ts'
import type { RunRow } from '../../../shared/storage/runs/rows.ts'
import { carryOut } from './carry-out.ts'
import { pause } from './timers.ts'
import type { CarryOutDeps } from './try-run.ts'

export interface RunsDeps extends CarryOutDeps {
  /** Keeps the host alive for work that no request waits for. */
  readonly waitUntil: (work: Promise<unknown>) => void
}

export interface StartOptions {
  /** The lease is taken already: the row is as `claimStaleRuns` gave it. */
  readonly claimed?: boolean
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
  /** Ids of the runs at work here. */
  ids(): string[]
}

/** How long the last writes of a drained run may take. */
const LETTING_GO_MS = 3_000

/** The registry of executions: at most one a run in this process. */
export function createRuns(deps: RunsDeps): Runs {
  const active = new Map<string, { stop: AbortController; done: Promise<void> }>()
  let lettingGo = false

  /** Waits until no run is left, those that begin meanwhile included, at most `ms`. */
  async function idle(ms: number): Promise<void> {
    const over = new AbortController()
    const late = pause(deps.timers, ms, over.signal).then(() => true)
    const done = () => Promise.all([...active.values()].map((entry) => entry.done)).then(() => false)
    while (active.size > 0) if (await Promise.race([done(), late])) break
    over.abort()
  }

  return {
    start(run, options = {}) {
      if (active.has(run.id)) return
      const stop = new AbortController()
      // Accepted while the process was ending: claimed, and left to the next one at once.
      if (lettingGo) stop.abort(new AetherError('SERVER_SHUTDOWN'))
      const claimed = options.claimed === true ? run : null
      const done = carryOut(run, claimed, stop, deps).finally(() => active.delete(run.id))
      active.set(run.id, { stop, done })
      deps.waitUntil(done)
    },
    async cancel({ runId, owner }) {
      const error = new AetherError('CANCELLED')
      const { run, last } = await cancelRun(deps.db, {
        runId,
        owner,
        error: toWireError(error),
        at: new Date(deps.now()),
      })
      if (last !== null) deps.feed.channel(runId)?.publish({ kind: 'stored', stored: last })
      active.get(runId)?.stop.abort(error)
      return run
    },
    async drain(graceMs) {
      await idle(graceMs)
      lettingGo = true
      for (const { stop } of active.values()) stop.abort(new AetherError('SERVER_SHUTDOWN'))
      await idle(LETTING_GO_MS)
    },
    get active() {
      return active.size
    },
    ids: () => [...active.keys()],
  }
}
