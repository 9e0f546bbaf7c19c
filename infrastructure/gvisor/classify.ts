import type { ExitClass } from '../../shared/domain/analysis.ts'
import type { EndRecord } from './frames.ts'

/** Why the runner ended a sandbox before its script ended. */
export type StopReason = 'timeout' | 'output' | 'memory' | 'cancelled' | 'start'

/** How a sandbox ended, as seen from outside. */
export interface Ending {
  readonly stopped: StopReason | null
  readonly ready: boolean
  readonly overflow: boolean
  readonly record: EndRecord | null
  readonly cpuLimitS: number
}

export interface Verdict {
  readonly exitClass: ExitClass
  readonly exitCode: number | null
  readonly errorClass: string | null
}

/**
 * The exit class of a run. What the runner did itself comes first, then what the boot program saw; a sandbox that ended
 * without either was killed by something else, and one that was never ready has run nothing.
 */
export function classify({ stopped, ready, overflow, record, cpuLimitS }: Ending): Verdict {
  if (stopped === 'cancelled') return { exitClass: 'killed', exitCode: null, errorClass: null }
  if (stopped === 'output' || overflow)
    return { exitClass: 'output', exitCode: 137, errorClass: 'OutputLimit' }
  if (stopped === 'timeout') return { exitClass: 'timeout', exitCode: 137, errorClass: 'WallTimeLimit' }
  if (stopped === 'memory') return { exitClass: 'memory', exitCode: 137, errorClass: 'MemoryError' }
  if (!ready) return { exitClass: 'unavailable', exitCode: null, errorClass: null }
  if (record === null) return { exitClass: 'killed', exitCode: null, errorClass: null }
  return byRecord(record, cpuLimitS)
}

function byRecord(record: EndRecord, cpuLimitS: number): Verdict {
  const { exitCode } = record
  const outOfTime = record.signal === 'SIGXCPU' || (record.signal === 'SIGKILL' && record.cpuS >= cpuLimitS)
  if (outOfTime) return { exitClass: 'timeout', exitCode, errorClass: 'CpuTimeLimit' }
  if (record.errorClass === 'MemoryError') return { exitClass: 'memory', exitCode, errorClass: 'MemoryError' }
  if (record.badReport) return { exitClass: 'error', exitCode, errorClass: 'InvalidResult' }
  if (record.signal !== null)
    return { exitClass: 'error', exitCode, errorClass: record.errorClass ?? record.signal }
  if (exitCode !== 0) return { exitClass: 'error', exitCode, errorClass: record.errorClass ?? 'SystemExit' }
  return { exitClass: 'ok', exitCode, errorClass: null }
}
