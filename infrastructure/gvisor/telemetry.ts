import type { SandboxResult, SandboxTelemetry } from '../../shared/sandbox/port.ts'

/**
 * Spans and counters of one run, for its caller to send on, since the runner itself reaches nobody. `begun` is the instant of
 * the request (epoch ms); the phases follow each other.
 */
export function toTelemetry(
  result: SandboxResult,
  run: { readonly begun: number; readonly hit: boolean; readonly queuePosition: number },
): SandboxTelemetry {
  const { timings, artifacts = [], artifactsRefused = [] } = result
  let at = run.begun
  const spans = ['queue', 'start', 'run'].flatMap((phase) => {
    const ms = timings[`${phase}_ms`]
    if (ms === undefined) return []
    const span = { name: `sandbox.${phase}`, start: at, end: at + ms }
    at += ms
    return [span]
  })
  return {
    spans: [
      { name: 'sandbox', start: run.begun, end: run.begun + (timings.total_ms ?? at - run.begun) },
      ...spans,
    ],
    counters: {
      sandbox_runs: 1,
      [`sandbox_runs_${result.exitClass}`]: 1,
      sandbox_pool_hits: run.hit ? 1 : 0,
      sandbox_pool_misses: run.hit || result.exitClass === 'unavailable' ? 0 : 1,
      sandbox_queue_position: run.queuePosition,
      sandbox_output_bytes: result.stdout.length + result.stderr.length,
      sandbox_cpu_ms: timings.cpu_ms ?? 0,
      sandbox_artifacts: artifacts.length,
      sandbox_artifacts_refused: artifactsRefused.length,
    },
  }
}
