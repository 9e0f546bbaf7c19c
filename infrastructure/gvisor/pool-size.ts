import { totalmem } from 'node:os'
import { MAX_MEMORY_MIB } from './cell.ts'

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

/** Bytes of memory that this process and its sandboxes can have: the machine's, or less where a container limits it. */
export function memoryOfProcess(): number {
  // 0, or a number beyond all memory, means that there is no limit.
  const limit = process.constrainedMemory() || Number.POSITIVE_INFINITY
  return Math.min(limit, totalmem())
}
