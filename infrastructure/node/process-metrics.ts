import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { HomeHealth } from '../../shared/home/home_assistant/home-assistant.ts'
import { gauge, type Metrics, type Reading } from '../../shared/http/metrics.ts'
import type { Pool } from '../../shared/storage/pool-state.ts'
import type { TraceTarget } from '../../shared/tracing/open-tracing.ts'

export interface ProcessMetricsDeps {
  readonly version: string
  readonly mode: string
  readonly startedAt: number
  /** Null for a home without a connection. */
  readonly homeHealth: (() => HomeHealth) | null
  /** Null in services that keep nothing in Postgres. */
  readonly pool: (() => Promise<Pool>) | null
  /** Where spans go. */
  readonly traceTargets: readonly Pick<TraceTarget, 'name' | 'stats'>[]
}

/** Adds what belongs to the process and not to one of its services. Gives how to end the watching. */
export function measureProcess(metrics: Metrics, deps: ProcessMetricsDeps): () => void {
  const delay = monitorEventLoopDelay({ resolution: 20 })
  delay.enable()
  metrics.collect(() => {
    const { rss, heapUsed } = process.memoryUsage()
    const { user, system } = process.cpuUsage()
    const longest = delay.max / 1e9
    delay.reset()
    return [
      gauge('aether_build_info', 'What runs here; always 1.', [
        [{ version: deps.version, mode: deps.mode, node: process.versions.node }, 1],
      ]),
      gauge('process_start_time_seconds', 'When this process started, seconds since 1970.', [
        [{}, deps.startedAt / 1_000],
      ]),
      gauge('process_resident_memory_bytes', 'Memory of this process.', [[{}, rss]]),
      {
        name: 'process_cpu_seconds_total',
        type: 'counter',
        help: 'Processor time of this process.',
        rows: [[{}, (user + system) / 1e6]],
      },
      gauge('nodejs_heap_used_bytes', 'Memory of live JavaScript objects.', [[{}, heapUsed]]),
      gauge('nodejs_eventloop_delay_max_seconds', 'Longest stall of the event loop since the last scrape.', [
        [{}, longest],
      ]),
    ]
  })
  const { homeHealth, pool, traceTargets } = deps
  if (homeHealth) metrics.collect(() => homeReadings(homeHealth()))
  if (pool) metrics.collect(async () => poolReadings(await pool()))
  metrics.collect(() => traceReadings(traceTargets))
  return () => delay.disable()
}

function traceReadings(targets: ProcessMetricsDeps['traceTargets']): Reading[] {
  const rows = (of: (stats: TraceTarget['stats']) => number) =>
    targets.map(({ name, stats }) => [{ target: name }, of(stats)] as const)
  return [
    {
      name: 'aether_trace_spans_sent_total',
      type: 'counter',
      help: 'Spans that a trace server has taken.',
      rows: rows((stats) => stats.sent),
    },
    {
      name: 'aether_trace_spans_dropped_total',
      type: 'counter',
      help: 'Spans that were given up: the queue was full, or the trace server did not take them.',
      rows: rows((stats) => stats.dropped),
    },
    gauge(
      'aether_trace_spans_waiting',
      'Spans that wait to be sent.',
      rows((stats) => stats.queued),
    ),
  ]
}

function homeReadings({ live, reconnects }: HomeHealth): Reading[] {
  return [
    {
      name: 'aether_home_live_drops_total',
      type: 'counter',
      help: 'States of the home that came faster than they could be kept.',
      rows: [[{}, live.dropped]],
    },
    {
      name: 'aether_home_reconnects_total',
      type: 'counter',
      help: 'Connections to the home after the first.',
      rows: [[{}, reconnects]],
    },
  ]
}

function poolReadings({ max, byState, waitedMs, bytes }: Pool): Reading[] {
  return [
    gauge('aether_db_pool_size', 'Connections that this process may have.', [[{}, max]]),
    gauge(
      'aether_db_connections',
      'Connections of this service, all its processes together, by state.',
      Object.entries(byState).map(([state, count]) => [{ state }, count] as const),
    ),
    gauge(
      'aether_db_wait_seconds',
      'What a small query took with its wait for a connection; it grows when the pool is used up.',
      [[{}, waitedMs / 1_000]],
    ),
    gauge('aether_db_size_bytes', 'Size of the database.', [[{}, bytes]]),
  ]
}
