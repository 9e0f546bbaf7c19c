import { gauge, type Metrics, type Reading } from '../http/metrics.ts'
import type { PoolStatus, Sandbox, SandboxResult } from './port.ts'

/** Seconds; a hit answers within the first few, a cold start with pandas in the last. */
const FIRST_OUTPUT = [0.005, 0.015, 0.06, 0.25, 1, 5, 30] as const

/**
 * The same sandbox, measured: scripts by how they ended, their processor time, the way to the first output, artifacts,
 * and at each scrape the pool. A runner in a container is reached by nobody but its caller, so the caller measures.
 */
export function meteredSandbox(sandbox: Sandbox, metrics: Metrics): Sandbox {
  const runs = metrics.counter('aether_sandbox_runs_total', 'Scripts by how they ended.')
  const cpu = metrics.counter(
    'aether_sandbox_cpu_seconds_total',
    'Processor time of scripts, imports included.',
  )
  const artifacts = metrics.counter('aether_sandbox_artifacts_total', 'Artifacts by whether they were taken.')
  const firstOutput = metrics.histogram(
    'aether_sandbox_first_output_seconds',
    'From the request to the first output.',
    FIRST_OUTPUT,
  )
  metrics.collect(async (signal) => {
    const { tier, pool } = await sandbox.status(signal)
    return [gauge('aether_sandbox_up', 'Whether scripts can run.', [[{}, tier === 'gvisor' ? 1 : 0]])].concat(
      pool === undefined ? [] : poolReadings(pool),
    )
  })

  function count({ exitClass, timings, ...result }: SandboxResult): void {
    runs.add({ exit_class: exitClass })
    cpu.add({}, (timings.cpu_ms ?? 0) / 1_000)
    artifacts.add({ taken: 'true' }, result.artifacts?.length ?? 0)
    artifacts.add({ taken: 'false' }, result.artifactsRefused?.length ?? 0)
    if (timings.first_output_ms === undefined) return
    const { queue_ms = 0, start_ms = 0, first_output_ms } = timings
    firstOutput.observe((queue_ms + start_ms + first_output_ms) / 1_000)
  }

  return {
    async run(job, options) {
      const result = await sandbox.run(job, options)
      count(result)
      return result
    },
    status: (signal) => sandbox.status(signal),
  }
}

function poolReadings(pool: PoolStatus): Reading[] {
  const states = ['ready', 'starting', 'running', 'queued'] as const
  return [
    gauge(
      'aether_sandbox_pool',
      'Sandboxes by state, and scripts that wait.',
      states.map((state) => [{ state }, pool[state]] as const),
    ),
    gauge('aether_sandbox_pool_size', 'Sandboxes that are to wait ready.', [[{}, pool.size]]),
    {
      name: 'aether_sandbox_pool_takes_total',
      type: 'counter',
      help: 'Scripts that found a sandbox ready, or not.',
      rows: [
        [{ hit: 'true' }, pool.hits],
        [{ hit: 'false' }, pool.misses],
      ],
    },
    ...(pool.refillMs === null
      ? []
      : [
          gauge('aether_sandbox_refill_seconds', 'What the newest waiting sandbox took.', [
            [{ by: pool.refillBy ?? 'start' }, pool.refillMs / 1_000],
          ]),
        ]),
  ]
}
