import { isTerminal } from '../../shared/domain/run.ts'
import { readEvents } from '../../shared/storage/runs/read-events.ts'
import { countRuns, runState } from '../../shared/storage/runs/read-run.ts'
import { storageCall } from '../../shared/storage/storage-call.ts'
import { createAbout } from './about.ts'
import { collectGateway, createCounts } from './counts.ts'
import type { Gateway, GatewayContext, GatewayDeps } from './deps.ts'
import { DEFAULT_LIMITS } from './limits.ts'
import { createProbes } from './probes.ts'
import { createFeed } from './runs/feed.ts'
import { createCourier } from './runs/feedback-courier.ts'
import { createRetention } from './runs/retention.ts'
import { createRuns } from './runs/runs.ts'
import { createSweeper } from './runs/sweep.ts'

/** Wires what the routes share, in order of dependency, with the gateway's background work. */
export function createContext(deps: GatewayDeps): { ctx: GatewayContext } & Omit<Gateway, 'app'> {
  const limits = { ...DEFAULT_LIMITS, ...deps.limits }
  const { db, now, timers, log, metrics } = deps
  let draining = false
  const store = <T>(work: () => Promise<T>) => storageCall(limits.storageMs, work)
  const count = createCounts(metrics)
  const feed = createFeed({
    read: (input) => store(() => readEvents(db, input)),
    ended: async (runId) => {
      const state = await store(() => runState(db, { runId }))
      return state === null || isTerminal(state)
    },
    timers,
    pollMs: limits.pollMs,
    queueLimit: limits.queueLimit,
    onDrop: count.itemsDropped,
  })
  const runs = createRuns({ ...deps, limits, feed, count })
  const sweeper = createSweeper({ db, runs, timers, now, log, limits, instance: deps.instance })
  const courier = createCourier({ db, assess: deps.assess, timers, now, log })
  const retention = createRetention({ db, keepMs: deps.keepMs, timers, now, log, metrics })
  const bounds = { now, timers, boundMs: limits.probeMs, keptMs: limits.probeKeptMs }
  const probes = createProbes(deps.probes, bounds)
  const active = () => runs.active
  collectGateway(metrics, { countRuns: () => store(() => countRuns(db)), active, probes })
  const ctx: GatewayContext = {
    ...deps,
    limits,
    probes,
    about: createAbout(deps.describe, { ...bounds, model: deps.llm.name, log }),
    feed,
    runs,
    courier,
    count,
    startedAt: now(),
    draining: () => draining,
    store,
  }
  return {
    ctx,
    start() {
      sweeper.start()
      courier.start()
      retention.start()
    },
    async sweep() {
      await Promise.all([sweeper.sweep(), courier.deliver()])
    },
    async drain(graceMs) {
      draining = true
      sweeper.stop()
      courier.stop()
      retention.stop()
      await runs.drain(graceMs)
      feed.close()
    },
  }
}
