import { steadyNow } from '../../shared/domain/time/steady.ts'
import type { SandboxJob, SandboxResult } from '../../shared/sandbox/port.ts'
import { unavailableResult } from '../../shared/sandbox/unavailable.ts'
import { checkArtifacts, toRefused } from './artifacts.ts'
import type { Cell } from './cell.ts'
import { classify } from './classify.ts'

/** After its end record a sandbox is gone in about 120 ms; one that is not is ended. */
const LINGER_MS = 700

export interface RunOptions {
  readonly signal: AbortSignal
  /** By `steadyNow`. */
  readonly deadline: number
}

/** Modules worth importing before the script's own time begins: those that it names. */
export function preloadFor(script: string): string[] {
  const named = /\b(numpy|pandas)\b/.test(script)
  return named ? ['numpy', 'pandas'] : []
}

/**
 * Runs one job in a cell, to its end or to the first limit. Resolves as soon as the result is complete; the cell's `gone`
 * tells when the last trace is removed. The wall clock starts when the imports are done. Timings are milliseconds:
 * `start_ms` (until the imports are done, next to nothing in a cell that waited ready), `handoff_ms` (until the script begins),
 * `first_output_ms` (from the handing over to the script's first byte, or its end without one), `run_ms`.
 */
export async function runScript(cell: Cell, job: SandboxJob, options: RunOptions): Promise<SandboxResult> {
  const { signal, deadline } = options
  const cancel = () => cell.stop('cancelled')
  if (signal.aborted) cancel()
  signal.addEventListener('abort', cancel, { once: true })
  const timers = [setTimeout(() => cell.stop('timeout'), Math.max(0, deadline - steadyNow()))]
  const begun = performance.now()
  const since = (from: number) => performance.now() - from
  const { memoryMb, outputBytes, cpuS, wallMs } = job.limits
  cell.submit({ code: job.script, files: job.files, cpuS, memoryMb, outputBytes })
  await cell.ready
  const ready = performance.now()
  timers.push(setTimeout(() => cell.stop('timeout'), wallMs))
  const phases = { handoff: 0, first: 0 }
  void cell.started.then(() => {
    phases.handoff = since(ready)
  })
  void cell.firstOutput.then(() => {
    phases.first = since(ready)
  })
  await cell.ended
  const ran = since(ready)
  for (const timer of timers) clearTimeout(timer)
  signal.removeEventListener('abort', cancel)
  const result = toResult(cell, job, {
    start_ms: tenths(ready - begun),
    handoff_ms: tenths(phases.handoff),
    first_output_ms: tenths(phases.first),
    run_ms: tenths(ran),
  })
  const linger = setTimeout(() => cell.stop('cancelled'), LINGER_MS)
  void cell.gone.then(() => clearTimeout(linger))
  return result
}

/** Milliseconds to one decimal, which is what a hand-over of a millisecond needs. */
export function tenths(ms: number): number {
  return Math.round(ms * 10) / 10
}

function toResult(cell: Cell, job: SandboxJob, timings: Readonly<Record<string, number>>): SandboxResult {
  const { stdout, stderr, stopped } = cell
  const overflow = stdout.overflow || stderr.overflow
  const { record, ready } = stderr
  const verdict = classify({ stopped, ready, overflow, record, cpuLimitS: job.limits.cpuS })
  if (verdict.exitClass === 'unavailable') return unavailableResult(whyNotStarted(cell), timings)
  const whole = verdict.exitClass === 'ok' || verdict.exitClass === 'error'
  const reported = whole && verdict.errorClass !== 'InvalidResult' ? record : null
  const { artifacts, refused } = checkArtifacts(record?.artifacts ?? [])
  return {
    ...verdict,
    stdout: stdout.text(),
    stderr: ready ? stderr.text() : '',
    result: reported?.result ?? null,
    metrics: reported?.metrics ?? [],
    artifacts,
    artifactsRefused: [...refused, ...(record?.artifactsLeft ?? []).map(toRefused)],
    timings: record === null ? timings : { ...timings, cpu_ms: Math.round(record.cpuS * 1000) },
    tier: 'gvisor',
  }
}

function whyNotStarted({ stderr, stopped }: Cell): string {
  if (stderr.refused) return 'The program named as runsc is not gVisor, so nothing was run.'
  if (stopped === 'start') return 'The sandbox was not ready in time.'
  const lines = stderr.text().split('\n')
  const last = lines.map((line) => line.trim()).findLast((line) => line !== '')
  return `The sandbox did not start: ${last?.slice(0, 300) ?? 'runsc ended without a message'}`
}
