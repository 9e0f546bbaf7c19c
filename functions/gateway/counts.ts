import type { AgentName } from '../../shared/domain/names.ts'
import { RUN_STATES, type RunState } from '../../shared/domain/run.ts'
import { gauge, type Metrics } from '../../shared/http/metrics.ts'
import type { StreamEnd } from '../../shared/http/sse-writer.ts'
import type { Probes } from './probes.ts'

/** How an execution of a run ended here; `lost`: somebody else has the run by now. */
export type RunEnd = 'completed' | 'failed' | 'cancelled' | 'interrupted' | 'lost'

/** What routes and runs of the gateway count. */
export interface GatewayCounts {
  streamEnded(how: StreamEnd): void
  backgroundTask(): void
  /** Live items that a slow reader lost; it reads them from the database. */
  itemsDropped(items: number): void
  runEnded(run: { agent: AgentName; state: RunEnd; ms: number; firstTextMs: number | null }): void
  /** Adds the length of a run's backlog to the queue depth, until the given function is called. */
  watchBacklog(waiting: () => number): () => void
}

/** The gateway's own metrics. */
export function createCounts(metrics: Metrics): GatewayCounts {
  const streams = metrics.counter('aether_streams_total', 'Event streams by how they ended.')
  const tasks = metrics.counter(
    'aether_background_tasks_total',
    'Titles, tags and the like, answered without a run.',
  )
  const drops = metrics.counter(
    'aether_event_queue_drops_total',
    'Live items that a slow reader lost from its queue and had to read from the database.',
  )
  const ends = metrics.counter('aether_run_ends_total', 'Runs that this process ended, by agent and state.')
  const duration = metrics.histogram(
    'aether_run_duration_seconds',
    'From taking a run up to its end, by agent and state.',
  )
  const firstText = metrics.histogram(
    'aether_run_first_text_seconds',
    'From taking a run up to the first text of its answer.',
  )
  const backlogs = new Set<() => number>()
  for (const counter of [tasks, drops]) counter.add({}, 0)
  metrics.collect(() => {
    let waiting = 0
    for (const backlog of backlogs) waiting += backlog()
    return [gauge('aether_run_events_waiting', 'Events of runs that wait to be stored.', [[{}, waiting]])]
  })
  return {
    streamEnded: (end) => streams.add({ end }),
    backgroundTask: () => tasks.add(),
    itemsDropped: (items) => drops.add({}, items),
    runEnded({ agent, state, ms, firstTextMs }) {
      ends.add({ agent, state })
      duration.observe(ms / 1_000, { agent, state })
      if (firstTextMs !== null) firstText.observe(firstTextMs / 1_000, { agent })
    },
    watchBacklog(waiting) {
      backlogs.add(waiting)
      return () => backlogs.delete(waiting)
    },
  }
}

/** What the gateway is asked for at each scrape: its runs, stored and at work, and its dependencies. */
export function collectGateway(
  metrics: Metrics,
  deps: {
    readonly countRuns: () => Promise<readonly { state: RunState; count: number }[]>
    readonly active: () => number
    readonly probes: Probes
  },
): void {
  metrics.collect(() => [
    gauge('aether_runs_active', 'Runs that this process carries out.', [[{}, deps.active()]]),
  ])
  metrics.collect(async () => {
    const counted = await deps.countRuns()
    const countOf = (state: RunState) => counted.find((row) => row.state === state)?.count ?? 0
    return [
      gauge(
        'aether_runs',
        'Stored runs by state; queued ones wait for a process.',
        RUN_STATES.map((state) => [{ state }, countOf(state)] as const),
      ),
    ]
  })
  metrics.collect(async () => {
    const seen = await deps.probes.look()
    const labels = (one: (typeof seen)[number]) => ({ name: one.name, kind: one.kind })
    return [
      gauge(
        'aether_dependency_up',
        'Whether a dependency answers; 0 also for one that is switched off or starting.',
        seen.map((one) => [labels(one), one.state === 'ok' || one.state === 'degraded' ? 1 : 0] as const),
      ),
      gauge(
        'aether_dependency_latency_seconds',
        'What the newest look at a dependency took.',
        seen.map((one) => [labels(one), one.latencyMs / 1_000] as const),
      ),
    ]
  })
}
