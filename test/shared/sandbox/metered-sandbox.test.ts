import { expect, test } from 'vitest'
import { createMetrics } from '../../../shared/http/metrics.ts'
import { DEFAULT_LIMITS } from '../../../shared/sandbox/limits.ts'
import { meteredSandbox } from '../../../shared/sandbox/metered-sandbox.ts'
import { createFakeSandbox, type FakeSandbox } from '../../fakes/sandbox.ts'

const job = { script: 'x', files: [], limits: DEFAULT_LIMITS }
const options = { signal: new AbortController().signal, deadline: Number.MAX_SAFE_INTEGER, user: 'anna' }

async function textOf(sandbox: FakeSandbox, runs: number): Promise<string> {
  const metrics = createMetrics()
  const metered = meteredSandbox(sandbox, metrics)
  for (let i = 0; i < runs; i++) await metered.run(job, options)
  return metrics.text()
}

test('counts scripts by how they ended, with processor time and the way to the first output', async () => {
  const timings = { queue_ms: 1, first_output_ms: 9, cpu_ms: 250 }
  const text = await textOf(createFakeSandbox({ timings }), 2)
  expect(text).toContain('aether_sandbox_runs_total{exit_class="ok"} 2\n')
  expect(text).toContain('aether_sandbox_cpu_seconds_total 0.5\n')
  expect(text).toContain('aether_sandbox_first_output_seconds_bucket{le="0.005"} 0\n')
  expect(text).toContain('aether_sandbox_first_output_seconds_bucket{le="0.015"} 2\n')
  expect(text).toContain('aether_sandbox_first_output_seconds_count 2\n')
})

test('tells the pool', async () => {
  const pool = { size: 2, ready: 1, starting: 1, running: 0, parallel: 2, queued: 0, queueLimit: 64 }
  const refill = { hits: 3, misses: 1, refillMs: 400, refillBy: 'restore' as const }
  const text = await textOf(createFakeSandbox({}, { pool: { ...pool, ...refill } }), 0)
  expect(text).toContain('aether_sandbox_up 1\n')
  expect(text).toContain('aether_sandbox_pool{state="ready"} 1\n')
  expect(text).toContain('aether_sandbox_pool_takes_total{hit="true"} 3\n')
  expect(text).toContain('aether_sandbox_refill_seconds{by="restore"} 0.4\n')
})
