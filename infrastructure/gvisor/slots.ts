/** A bounded number of things at once, and a bounded queue before them, first come first served. */
export interface Slots {
  /** Waits for a slot; null when the queue is full or when `signal` fires first. The returned function gives it back. */
  acquire(signal: AbortSignal): Promise<(() => void) | null>
  /** The place in the queue that the next one would get; 0: it would not wait. */
  readonly position: number
  readonly running: number
  readonly waiting: number
}

/** Builds slots for `parallel` holders and `queued` waiters. */
export function createSlots({ parallel, queued }: { parallel: number; queued: number }): Slots {
  const waiters: (() => void)[] = []
  let running = 0
  const release = () => {
    const next = waiters.shift()
    if (next === undefined) running--
    else next()
  }
  const once = () => {
    let given = false
    return () => {
      if (!given) release()
      given = true
    }
  }
  return {
    get position() {
      return running < parallel ? 0 : waiters.length + 1
    },
    get running() {
      return running
    },
    get waiting() {
      return waiters.length
    },
    async acquire(signal) {
      if (signal.aborted) return null
      if (running < parallel) {
        running++
        return once()
      }
      if (waiters.length >= queued) return null
      return await new Promise((resolve) => {
        const leave = () => {
          waiters.splice(waiters.indexOf(enter), 1)
          resolve(null)
        }
        const enter = () => {
          signal.removeEventListener('abort', leave)
          resolve(once())
        }
        signal.addEventListener('abort', leave, { once: true })
        waiters.push(enter)
      })
    },
  }
}
