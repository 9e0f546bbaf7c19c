import type { Now } from '../domain/ids.ts'
import { steadyNow } from '../domain/time/steady.ts'

/** Milliseconds that are left of the caller's budget; a duration, since clocks of two machines differ. */
export const DEADLINE_HEADER = 'Aether-Deadline-Ms'

export interface DeadlineOptions {
  /** Value of the header, when a caller sent one. */
  readonly header?: string | null | undefined
  /** By the same clock, when the deadline is already known here. */
  readonly deadline?: number
  /** Nobody gets more than this. */
  readonly maxMs: number
  /** `steadyNow` by default. */
  readonly now?: Now
  /** Aborts the signal too, with its own reason. */
  readonly parent?: AbortSignal | undefined
}

export interface Deadline {
  /** By the clock that was given. */
  readonly deadline: number
  /** Aborts at the deadline with a `TimeoutError`, or with the parent's reason. */
  readonly signal: AbortSignal
  /** Ends it early, by a reason of one's own. */
  abort(reason: unknown): void
  /** Clears the timer and lets go of the parent. Call it in `finally`. */
  dispose(): void
}

/** Longest delay that timers take; a longer one would fire at once. */
const TIMER_MAX = 2_147_483_647

/** Reads the header: whole milliseconds ≥ 0, else null, since a bad header must not lift the limit. */
export function parseDeadlineMs(header: string | null | undefined): number | null {
  return header && /^\d{1,12}$/.test(header) ? Number(header) : null
}

/** Milliseconds until the deadline, for the header of an outgoing call; never negative. */
export function remainingMs(deadline: number, now: Now = steadyNow): number {
  return Math.max(0, Math.floor(deadline - now()))
}

/** A signal that aborts when the budget is used up: the least of what the caller left, `deadline` and `maxMs`. */
export function deadlineSignal(options: DeadlineOptions): Deadline {
  const { now = steadyNow, parent, maxMs } = options
  const start = now()
  const asked = parseDeadlineMs(options.header) ?? maxMs
  const left = Math.max(0, Math.min(asked, maxMs, (options.deadline ?? Infinity) - start))
  const controller = new AbortController()
  const onParent = () => controller.abort(parent?.reason)
  const onTime = () => controller.abort(new DOMException('The deadline has passed.', 'TimeoutError'))
  let timer: ReturnType<typeof setTimeout> | undefined
  if (parent?.aborted) onParent()
  else if (left === 0) onTime()
  else {
    parent?.addEventListener('abort', onParent, { once: true })
    timer = setTimeout(onTime, Math.min(left, TIMER_MAX))
  }
  return {
    deadline: start + left,
    signal: controller.signal,
    abort: (reason) => controller.abort(reason),
    dispose() {
      clearTimeout(timer)
      parent?.removeEventListener('abort', onParent)
    },
  }
}
