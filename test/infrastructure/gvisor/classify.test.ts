import { describe, expect, it } from 'vitest'
import { classify, type Ending } from '../../../infrastructure/gvisor/classify.ts'
import type { EndRecord } from '../../../infrastructure/gvisor/frames.ts'

const record = (over: Partial<EndRecord> = {}): EndRecord => ({
  exitCode: 0,
  signal: null,
  cpuS: 0.2,
  errorClass: null,
  badReport: false,
  result: null,
  metrics: [],
  artifacts: [],
  artifactsLeft: [],
  ...over,
})
const ending = (over: Partial<Ending> = {}): Ending => ({
  stopped: null,
  ready: true,
  overflow: false,
  record: record(),
  cpuLimitS: 5,
  ...over,
})

describe('classify', () => {
  it.each<[string, Partial<Ending>, string, string | null]>([
    ['a script that came to its end', {}, 'ok', null],
    ['exit(3)', { record: record({ exitCode: 3, errorClass: 'SystemExit' }) }, 'error', 'SystemExit'],
    ['os._exit(3)', { record: record({ exitCode: 3 }) }, 'error', 'SystemExit'],
    ['an exception', { record: record({ exitCode: 1, errorClass: 'KeyError' }) }, 'error', 'KeyError'],
    ['MemoryError', { record: record({ exitCode: 1, errorClass: 'MemoryError' }) }, 'memory', 'MemoryError'],
    ['a crash', { record: record({ exitCode: 139, signal: 'SIGSEGV' }) }, 'error', 'SIGSEGV'],
    ['the CPU limit', { record: record({ exitCode: 152, signal: 'SIGXCPU' }) }, 'timeout', 'CpuTimeLimit'],
    [
      'the hard CPU limit',
      { record: record({ exitCode: 137, signal: 'SIGKILL', cpuS: 6.9 }) },
      'timeout',
      'CpuTimeLimit',
    ],
    [
      'a script that killed itself',
      { record: record({ exitCode: 137, signal: 'SIGKILL' }) },
      'error',
      'SIGKILL',
    ],
    ['garbage in the report', { record: record({ badReport: true }) }, 'error', 'InvalidResult'],
    ['the wall clock', { stopped: 'timeout', record: null }, 'timeout', 'WallTimeLimit'],
    ['the memory of all processes', { stopped: 'memory', record: null }, 'memory', 'MemoryError'],
    ['too much output', { stopped: 'output', overflow: true, record: null }, 'output', 'OutputLimit'],
    ['too much output at the end', { overflow: true }, 'output', 'OutputLimit'],
    ['an abort', { stopped: 'cancelled' }, 'killed', null],
    ['an abort before the start', { stopped: 'cancelled', ready: false, record: null }, 'killed', null],
    ['a sandbox that went away', { record: null }, 'killed', null],
    ['a sandbox that was never ready', { ready: false, record: null }, 'unavailable', null],
    ['a start that took too long', { stopped: 'start', ready: false, record: null }, 'unavailable', null],
    [
      'a deadline before the start',
      { stopped: 'timeout', ready: false, record: null },
      'timeout',
      'WallTimeLimit',
    ],
  ])('%s', (_, over, exitClass, errorClass) => {
    expect(classify(ending(over))).toMatchObject({ exitClass, errorClass })
  })
})
