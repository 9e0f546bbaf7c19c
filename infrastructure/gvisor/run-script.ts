import type { SandboxJob, SandboxResult } from '../../shared/sandbox/port.ts'
import { unavailableResult } from '../../shared/sandbox/unavailable.ts'
import type { Cell } from './cell.ts'
import { classify } from './classify.ts'

/** From the start of runsc until Python has done its imports. On a busy machine that takes many times its usual second. */
const START_MS = 45_000
/** After its end record a sandbox is gone in about 120 ms; one that is not is ended. */
const LINGER_MS = 700

export interface RunOptions {
  readonly signal: AbortSignal
  /** Epoch milliseconds. */
  readonly deadline: number
  readonly now: () => number
}

/** Modules worth importing before the script's own time begins: those that it names. */
export function preloadFor(script: string): string[] {
  const named = /\b(numpy|pandas)\b/.test(script)
  return named ? ['numpy', 'pandas'] : []
}

/**
 * Runs one job in a cell, to its end or to the first limit. Resolves as soon as the result is complete; the cell's `gone`
 * tells when the last trace is removed. The wall clock starts when the imports are done.
 */
export async function runScript(cell: Cell, job: SandboxJob, options: RunOptions): Promise<SandboxResult> {
  const { signal, deadline, now } = options
  const begun = now()
  const cancel = () => cell.stop('cancelled')
  if (signal.aborted) cancel()
  signal.addEventListener('abort', cancel, { once: true })
  const timers = [
    setTimeout(() => cell.stop('start'), START_MS),
    setTimeout(() => cell.stop('timeout'), Math.max(0, deadline - begun)),
  ]
  cell.submit({ code: job.script, files: job.files, cpuS: job.limits.cpuS })
  await cell.ready
  const started = now()
  clearTimeout(timers[0])
  timers.push(setTimeout(() => cell.stop('timeout'), job.limits.wallMs))
  await cell.ended
  const over = now()
  for (const timer of timers) clearTimeout(timer)
  signal.removeEventListener('abort', cancel)
  const result = toResult(cell, job, { start_ms: started - begun, run_ms: over - started })
  const linger = setTimeout(() => cell.stop('cancelled'), LINGER_MS)
  void cell.gone.then(() => clearTimeout(linger))
  return result
}

function toResult(cell: Cell, job: SandboxJob, timings: Readonly<Record<string, number>>): SandboxResult {
  const { stdout, stderr, stopped } = cell
  const overflow = stdout.overflow || stderr.overflow
  const { record, ready } = stderr
  const verdict = classify({ stopped, ready, overflow, record, cpuLimitS: job.limits.cpuS })
  if (verdict.exitClass === 'unavailable') return unavailableResult(whyNotStarted(cell), timings)
  const whole = verdict.exitClass === 'ok' || verdict.exitClass === 'error'
  return {
    ...verdict,
    stdout: stdout.text(),
    stderr: ready ? stderr.text() : '',
    result: whole && verdict.errorClass !== 'InvalidResult' ? (record?.result ?? null) : null,
    timings: record === null ? timings : { ...timings, cpu_ms: Math.round(record.cpuS * 1000) },
    tier: 'gvisor',
  }
}

function whyNotStarted({ stderr, stopped }: Cell): string {
  if (stderr.refused) return 'The program named as runsc is not gVisor, so nothing was run.'
  if (stopped === 'start') return `The sandbox was not ready within ${START_MS / 1000} s.`
  const lines = stderr.text().split('\n')
  const last = lines.map((line) => line.trim()).findLast((line) => line !== '')
  return `The sandbox did not start: ${last?.slice(0, 300) ?? 'runsc ended without a message'}`
}
