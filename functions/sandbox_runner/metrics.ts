import type { PoolStatus, SandboxResult } from '../../shared/sandbox/port.ts'

/** Seconds; a hit answers within the first few, a cold start with pandas in the last. */
const BUCKETS = [0.005, 0.015, 0.06, 0.25, 1, 5, 30] as const

/** What this process has counted since its start, for a scraper. */
export interface RunnerMetrics {
  count(result: SandboxResult): void
  /** Prometheus' text format. */
  text(pool: PoolStatus | undefined): string
}

/** Builds the counters; labels are our own fixed words, so they need no escaping and cannot become many. */
export function createRunnerMetrics(): RunnerMetrics {
  const runs = new Map<string, number>()
  const firstOutput = BUCKETS.map(() => 0)
  let [outputs, outputSeconds, cpuSeconds] = [0, 0, 0]
  let [artifacts, refused] = [0, 0]
  return {
    count(result) {
      const { exitClass, timings } = result
      runs.set(exitClass, (runs.get(exitClass) ?? 0) + 1)
      cpuSeconds += (timings.cpu_ms ?? 0) / 1_000
      artifacts += result.artifacts?.length ?? 0
      refused += result.artifactsRefused?.length ?? 0
      if (timings.first_output_ms === undefined) return
      const seconds = ((timings.queue_ms ?? 0) + (timings.start_ms ?? 0) + timings.first_output_ms) / 1_000
      outputs++
      outputSeconds += seconds
      for (const [i, most] of BUCKETS.entries())
        if (seconds <= most) firstOutput[i] = (firstOutput[i] ?? 0) + 1
    },
    text(pool) {
      const gauges = pool === undefined ? [] : poolMetrics(pool)
      return [
        ...metric('aether_sandbox_runs_total', 'counter', 'Scripts by how they ended.', [
          ...[...runs].map(([name, n]): Row => [`{exit_class="${name}"}`, n]),
        ]),
        ...metric(
          'aether_sandbox_first_output_seconds',
          'histogram',
          'From the request to the first output.',
          [
            ...BUCKETS.map((most, i): Row => [`_bucket{le="${most}"}`, firstOutput[i] ?? 0]),
            ['_bucket{le="+Inf"}', outputs],
            ['_sum', outputSeconds],
            ['_count', outputs],
          ],
        ),
        ...metric(
          'aether_sandbox_cpu_seconds_total',
          'counter',
          'Processor time of scripts, imports included.',
          [['', cpuSeconds]],
        ),
        ...metric('aether_sandbox_artifacts_total', 'counter', 'Artifacts by whether they were taken.', [
          ['{taken="true"}', artifacts],
          ['{taken="false"}', refused],
        ]),
        ...gauges,
        '',
      ].join('\n')
    },
  }
}

type Row = readonly [suffix: string, value: number]

function metric(name: string, type: string, help: string, rows: readonly Row[]): string[] {
  return [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} ${type}`,
    ...rows.map(([rest, value]) => `${name}${rest} ${value}`),
  ]
}

function poolMetrics(pool: PoolStatus): string[] {
  const states: Row[] = (['ready', 'starting', 'running', 'queued'] as const).map((state) => [
    `{state="${state}"}`,
    pool[state],
  ])
  return [
    ...metric('aether_sandbox_pool', 'gauge', 'Sandboxes by state, and scripts that wait.', states),
    ...metric('aether_sandbox_pool_size', 'gauge', 'Sandboxes that are to wait ready.', [['', pool.size]]),
    ...metric('aether_sandbox_pool_takes_total', 'counter', 'Scripts that found a sandbox ready, or not.', [
      ['{hit="true"}', pool.hits],
      ['{hit="false"}', pool.misses],
    ]),
    ...(pool.refillMs === null
      ? []
      : metric('aether_sandbox_refill_seconds', 'gauge', 'What the newest waiting sandbox took.', [
          [`{by="${pool.refillBy}"}`, pool.refillMs / 1_000],
        ])),
  ]
}
