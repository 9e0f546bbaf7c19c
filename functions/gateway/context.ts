import { isTerminal } from '../../shared/domain/run.ts'
import { createCounters } from '../../shared/http/metrics.ts'
import { readEvents } from '../../shared/storage/runs/read-events.ts'
import { runState } from '../../shared/storage/runs/read-run.ts'
import type { Gateway, GatewayContext, GatewayDeps } from './deps.ts'
import { DEFAULT_LIMITS } from './limits.ts'
import { createProbes } from './probes.ts'
import { createFeed } from './runs/feed.ts'
import { createCourier } from './runs/feedback-courier.ts'
import { createRuns } from './runs/runs.ts'
import { createSweeper } from './runs/sweep.ts'
import { storageCall } from './storage-call.ts'

const HELP = {
  aether_http_requests_total: 'Requests by method and status.',
  aether_streams_total: 'Event streams by how they ended.',
  aether_background_tasks_total: 'Titles, tags and the like, answered without a run.',
}

/** Wires what the routes share, in order of dependency, with the gateway's background work. */
export function createContext(deps: GatewayDeps): { ctx: GatewayContext } & Pick<Gateway, 'start' | 'drain'> {
  const limits = { ...DEFAULT_LIMITS, ...deps.limits }
  const { db, now, timers, log } = deps
  let draining = false
  const store = <T>(work: () => Promise<T>) => storageCall(timers, limits.storageMs, work)
  const feed = createFeed({
    read: (input) => store(() => readEvents(db, input)),
    ended: async (runId) => {
      const state = await store(() => runState(db, { runId }))
      return state === null || isTerminal(state)
    },
    timers,
    pollMs: limits.pollMs,
    queueLimit: limits.queueLimit,
  })
  const runs = createRuns({ ...deps, limits, feed })
  const sweeper = createSweeper({ db, runs, timers, now, log, limits, instance: deps.instance })
  const courier = createCourier({ db, assess: deps.assess, timers, now, log })
  const bounds = { now, timers, boundMs: limits.probeMs, keptMs: limits.probeKeptMs }
  const ctx: GatewayContext = {
    ...deps,
    limits,
    probes: createProbes(deps.probes, bounds),
    feed,
    runs,
    courier,
    counters: createCounters(HELP),
    startedAt: now(),
    draining: () => draining,
    store,
  }
  return {
    ctx,
    start() {
      sweeper.start()
      courier.start()
    },
    async drain(graceMs) {
      draining = true
      sweeper.stop()
      courier.stop()
      await runs.drain(graceMs)
      feed.close()
    },
  }
}
