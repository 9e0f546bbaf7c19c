import { createCounters, metricText, toLabels } from '../../shared/http/metrics.ts'
import type { PoolStatus, SandboxResult } from '../../shared/sandbox/port.ts'

/** Seconds; a hit answers within the first few, a cold start with pandas in the last. */
const BUCKETS = [0.005, 0.015, 0.06, 0.25, 1, 5, 30] as const

const HELP = {
  aether_sandbox_runs_total: 'Scripts by how they ended.',
  aether_sandbox_cpu_seconds_total: 'Processor time of scripts, imports included.',
  aether_sandbox_artifacts_total: 'Artifacts by whether they were taken.',
} as const

/** What this process has counted since its start, for a scraper. */
export interface RunnerMetrics {
  count(result: SandboxResult): void
  /** Prometheus' text format. */
  text(pool: PoolStatus | undefined): string
}

/** Builds the counters, and the histogram of the way from the request to the first output. */
export function createRunnerMetrics(): RunnerMetrics {
  const counters = createCounters(HELP)
  const firstOutput = BUCKETS.map(() => 0)
  let [outputs, seconds] = [0, 0]
  return {
    count(result) {
      const { exitClass, timings, artifacts = [], artifactsRefused = [] } = result
      counters.add('aether_sandbox_runs_total', { exit_class: exitClass })
      counters.add('aether_sandbox_cpu_seconds_total', {}, (timings.cpu_ms ?? 0) / 1_000)
      counters.add('aether_sandbox_artifacts_total', { taken: 'true' }, artifacts.length)
      counters.add('aether_sandbox_artifacts_total', { taken: 'false' }, artifactsRefused.length)
      if (timings.first_output_ms === undefined) return
      const took = ((timings.queue_ms ?? 0) + (timings.start_ms ?? 0) + timings.first_output_ms) / 1_000
      outputs++
      seconds += took
      for (const [i, most] of BUCKETS.entries()) if (took <= most) firstOutput[i] = (firstOutput[i] ?? 0) + 1
    },
    text(pool) {
      const histogram = metricText({
        name: 'aether_sandbox_first_output_seconds',
        type: 'histogram',
        help: 'From the request to the first output.',
        rows: [
          ...BUCKETS.map((most, i) => [`_bucket{le="${most}"}`, firstOutput[i] ?? 0] as const),
          ['_bucket{le="+Inf"}', outputs],
          ['_sum', seconds],
          ['_count', outputs],
        ],
      })
      return counters.text() + histogram + (pool === undefined ? '' : poolText(pool))
    },
  }
}

function poolText(pool: PoolStatus): string {
  const states = ['ready', 'starting', 'running', 'queued'] as const
  const taken = metricText({
    name: 'aether_sandbox_pool_takes_total',
    type: 'counter',
    help: 'Scripts that found a sandbox ready, or not.',
    rows: [
      ['{hit="true"}', pool.hits],
      ['{hit="false"}', pool.misses],
    ],
  })
  return [
    gauge('aether_sandbox_pool', 'Sandboxes by state, and scripts that wait.', [
      ...states.map((state) => [toLabels({ state }), pool[state]] as const),
    ]),
    gauge('aether_sandbox_pool_size', 'Sandboxes that are to wait ready.', [['', pool.size]]),
    taken,
    pool.refillMs === null
      ? ''
      : gauge('aether_sandbox_refill_seconds', 'What the newest waiting sandbox took.', [
          [toLabels({ by: pool.refillBy ?? 'start' }), pool.refillMs / 1_000],
        ]),
  ].join('')
}

function gauge(name: string, help: string, rows: readonly (readonly [string, number])[]): string {
  return metricText({ name, type: 'gauge', help, rows })
}
