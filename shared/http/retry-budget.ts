import type { Now } from '../domain/ids.ts'

/** Says whether one more retry may be made, so that retries never become the load that keeps a peer down. */
export interface RetryBudget {
  /** Counts a first try. */
  onRequest(): void
  /** Takes one retry out of the budget; false when none is left. */
  tryTake(): boolean
}

export interface RetryBudgetOptions {
  readonly now: Now
  /** Retries that each first try pays in. */
  readonly ratio?: number
  /** Retries that each second pays in. */
  readonly perSecond?: number
  /** Most that can be saved up. */
  readonly cap?: number
}

/** A token bucket: 20 % of the requests plus 10 a second, at most 100 saved up; it starts with one second's worth. */
export function createRetryBudget(options: RetryBudgetOptions): RetryBudget {
  const { now, ratio = 0.2, perSecond = 10, cap = 100 } = options
  let tokens = Math.min(cap, perSecond)
  let at = now()
  const pay = (amount: number) => {
    tokens = Math.min(cap, tokens + amount)
  }
  const passTime = () => {
    const present = now()
    // A clock that was set back pays nothing and takes nothing.
    pay((Math.max(0, present - at) / 1000) * perSecond)
    at = present
  }
  return {
    onRequest() {
      passTime()
      pay(ratio)
    },
    tryTake() {
      passTime()
      if (tokens < 1) return false
      tokens -= 1
      return true
    },
  }
}
