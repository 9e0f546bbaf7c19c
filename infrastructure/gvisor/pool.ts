import type { Cell } from './cell.ts'

/** The first request after a start has the processors to itself. */
const FILL_AFTER_MS = 500
/** A hit leaves the processors to its script for so long before a new sandbox is made. */
const REFILL_AFTER_MS = 100
/** After a sandbox that did not come up: the next try, twice as late each time. */
const RETRY_MS = 1_000
const MOST_RETRY_MS = 60_000

/** How a sandbox came to be: by a start with all its imports, or from a checkpoint. */
export type MadeBy = 'start' | 'restore'

export interface Made {
  readonly cell: Cell
  readonly by: MadeBy
}

/** Sandboxes that wait for their one job, imports done. */
export interface Pool {
  /** Begins to fill it, a little later, off the caller's path. */
  fill(): void
  /** A sandbox that is ready, which then belongs to the caller; null when none is. */
  takeReady(): Cell | null
  /** The one that is just being made, for a job that would otherwise begin one itself. */
  takeStarting(): Cell | null
  readonly ready: number
  readonly starting: number
  readonly refillMs: number | null
  readonly refillBy: MadeBy | null
  /** Makes no more; the sandboxes themselves are ended by whoever holds all of them. */
  close(): void
}

/**
 * Keeps `size` sandboxes ready, made one at a time. One that ends while it waits is replaced; where none comes up, the
 * tries become rare.
 */
export function createPool({ size, make }: { size: number; make: () => Promise<Made> }): Pool {
  const ready: Cell[] = []
  let starting: Cell | null = null
  let making = false
  let closed = false
  let failures = 0
  let timer: NodeJS.Timeout | null = null
  let last: { ms: number; by: MadeBy } | null = null

  const later = (ms: number) => {
    if (closed || timer !== null || size === 0) return
    timer = setTimeout(() => {
      timer = null
      void refill()
    }, ms)
  }

  const keep = (cell: Cell) => {
    ready.push(cell)
    void cell.gone.then(() => {
      if (!ready.includes(cell)) return
      ready.splice(ready.indexOf(cell), 1)
      later(REFILL_AFTER_MS)
    })
  }

  /** Makes one; whether it came up. One that was taken meanwhile belongs to its taker, who sees for himself. */
  const makeOne = async (): Promise<boolean> => {
    const begun = performance.now()
    try {
      const { cell, by } = await make()
      starting = cell
      await cell.ready
      const taken = starting !== cell
      starting = null
      if (!taken && cell.stderr.ready && !cell.over) keep(cell)
      else if (!taken) return false
      last = { ms: Math.round(performance.now() - begun), by }
      return true
    } catch {
      // The folder cannot be written: the next job says so to its caller, here it is tried again.
      return false
    }
  }

  const refill = async () => {
    if (making) return
    making = true
    while (!closed && ready.length < size) {
      const cameUp = await makeOne()
      failures = cameUp ? 0 : failures + 1
      if (!cameUp) break
    }
    making = false
    if (failures > 0) later(Math.min(RETRY_MS * 2 ** (failures - 1), MOST_RETRY_MS))
    else if (ready.length < size) later(REFILL_AFTER_MS)
  }

  return {
    fill: () => later(FILL_AFTER_MS),
    takeReady() {
      const cell = ready.shift() ?? null
      if (cell !== null) later(REFILL_AFTER_MS)
      return cell
    },
    takeStarting() {
      const cell = starting
      starting = null
      return cell
    },
    get ready() {
      return ready.length
    },
    get starting() {
      return making ? 1 : 0
    },
    get refillMs() {
      return last?.ms ?? null
    },
    get refillBy() {
      return last?.by ?? null
    },
    close() {
      closed = true
      if (timer !== null) clearTimeout(timer)
    },
  }
}
