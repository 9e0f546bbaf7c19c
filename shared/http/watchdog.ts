/** Watches for silence: calls back once when it was watching for so long without a break. */
export interface Watchdog {
  /** Begins to watch, counting from now. */
  watch(): void
  /** Stops watching; the next `watch` counts anew. */
  rest(): void
  /** Lets go of the timer. */
  stop(): void
}

/**
 * A timer for waits that begin and end thousands of times a second and nearly never last: instead of a new timer for
 * each, one is left running and looks, when it rings, how much of the present wait is still to come. Infinity never
 * rings.
 */
export function createWatchdog(ms: number, onSilence: () => void): Watchdog {
  let timer: ReturnType<typeof setTimeout> | undefined
  let since: number | null = null

  const ring = () => {
    timer = undefined
    if (since === null) return
    const left = since + ms - performance.now()
    if (left > 0) timer = setTimeout(ring, left)
    else {
      since = null
      onSilence()
    }
  }

  return {
    watch() {
      since = performance.now()
      if (ms !== Infinity) timer ??= setTimeout(ring, ms)
    },
    rest() {
      since = null
    },
    stop() {
      since = null
      clearTimeout(timer)
    },
  }
}
