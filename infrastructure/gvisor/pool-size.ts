import { totalmem } from 'node:os'
import { LIMIT_RANGES } from '../../shared/sandbox/limits.ts'
import { MAX_MEMORY_MIB, OVERHEAD_MIB } from './cell.ts'

const MIB = 1_048_576
const USUAL = 2
export const MOST_WAITING = 16

/**
 * How many sandboxes wait ready: what was asked for (2 by default), as far as half of the memory would hold all of them at
 * the most that a script may use; at least one, unless none is asked for. Idle ones take about 40 MiB each.
 */
export function poolSizeFor(asked: number | null, memoryBytes: number): number {
  const wanted = Math.min(asked ?? USUAL, MOST_WAITING)
  const fitting = Math.floor(memoryBytes / 2 / (MAX_MEMORY_MIB * MIB))
  return Math.min(wanted, Math.max(fitting, 1))
}

/**
 * How many scripts run at once, and the most memory in MiB that one may ask for, so that three quarters of the memory hold
 * all of them at their most: two, or as many as wait ready, fewer where memory is short, at least one with the least that
 * pandas needs.
 */
export function limitsFor(poolSize: number, memoryBytes: number): { parallel: number; mostMemoryMb: number } {
  const share = (memoryBytes / MIB) * 0.75
  const parallel = Math.max(1, Math.min(Math.max(USUAL, poolSize), Math.floor(share / MAX_MEMORY_MIB)))
  const { least, most } = LIMIT_RANGES.memoryMb
  const mostMemoryMb = Math.floor(Math.min(Math.max(share / parallel - OVERHEAD_MIB, least), most))
  return { parallel, mostMemoryMb }
}

/** Bytes of memory that this process and its sandboxes can have: the machine's, or less where a container limits it. */
export function memoryOfProcess(): number {
  // 0, or a number beyond all memory, means that there is no limit.
  const limit = process.constrainedMemory() || Number.POSITIVE_INFINITY
  return Math.min(limit, totalmem())
}
