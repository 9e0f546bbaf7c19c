import type { Now } from '../domain/ids.ts'

export type BreakerState = 'closed' | 'open' | 'probing'

/** Stops calls to a peer that fails, and lets one through now and then to see whether it is back. */
export interface Breaker {
  readonly state: BreakerState
  /** True when a call may be made. Every true answer must be followed by one `onResult` or `onAbandoned`. */
  tryPass(): boolean
  onResult(ok: boolean): void
  /** The caller left before it knew; a probe is given back. */
  onAbandoned(): void
}

export interface BreakerOptions {
  readonly now: Now
  /** Failures in a row that open it. */
  readonly inARow?: number
  /** Size of the window of last results, and the share of failures in a full one that opens it. */
  readonly window?: number
  readonly share?: number
  /** Milliseconds until one probe may pass. */
  readonly probeAfterMs?: number
}

/** A circuit breaker: opens after 5 failures in a row or 50 % of the last 20, one probe after 5 s; a good one closes it. */
export function createBreaker(options: BreakerOptions): Breaker {
  const { now, inARow = 5, window = 20, share = 0.5, probeAfterMs = 5_000 } = options
  let state: BreakerState = 'closed'
  let row = 0
  let last: boolean[] = []
  let openedAt = 0

  const open = () => {
    state = 'open'
    openedAt = now()
    row = 0
    last = []
  }

  return {
    get state() {
      return state
    },
    tryPass() {
      if (state === 'closed') return true
      if (state === 'probing' || now() - openedAt < probeAfterMs) return false
      state = 'probing'
      return true
    },
    onResult(ok) {
      if (state === 'probing') {
        if (!ok) return open()
        state = 'closed'
        return
      }
      // Results of calls that began before it opened say nothing new.
      if (state === 'open') return
      row = ok ? 0 : row + 1
      last.push(ok)
      if (last.length > window) last.shift()
      const failed = last.filter((good) => !good).length
      if (row >= inARow || (last.length === window && failed >= window * share)) open()
    },
    onAbandoned() {
      if (state === 'probing') state = 'open'
    },
  }
}
