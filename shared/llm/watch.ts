import { AetherError } from '../errors/aether-error.ts'

/** Why a call was ended from our side. */
export type Stop = 'first_byte' | 'idle' | 'total' | 'deadline'

export interface Watch {
  /** Aborts when a limit is hit or the caller leaves. */
  readonly signal: AbortSignal
  /** Starts the inactivity timer anew with this limit; only while the provider is being waited for. */
  waitFor(phase: 'first_byte' | 'idle'): void
  /** The provider has sent something: a slow reader is not a stalled model. */
  pause(): void
  /** Error for the limit that was hit, the caller's reason when it left, or null when neither happened. */
  reason(): unknown | null
  dispose(): void
}

export interface WatchLimits {
  readonly firstByteMs: number
  readonly idleMs: number
  /** Milliseconds left for the whole call, and whether that is the turn's deadline or the call's own limit. */
  readonly totalMs: number
  readonly totalIsDeadline: boolean
}

const MESSAGES: Readonly<Record<Exclude<Stop, 'deadline'>, string>> = {
  first_byte:
    'The language model did not begin to answer in time. Raise LLM_FIRST_BYTE_TIMEOUT_S for a slow one.',
  idle: 'The language model stopped in the middle of its answer. Try again shortly.',
  total: 'The language model took too long for its answer. Try again, or ask for less at once.',
}

/** Watches one call of the provider: silence before and after the first byte, the whole length, and the caller. */
export function createWatch(limits: WatchLimits, caller: AbortSignal): Watch {
  const controller = new AbortController()
  let stopped: Stop | null = null
  let inactivity: ReturnType<typeof setTimeout> | undefined
  const stop = (why: Stop) => {
    stopped ??= why
    controller.abort()
  }
  const onAbort = () => controller.abort()
  if (caller.aborted) controller.abort()
  else caller.addEventListener('abort', onAbort, { once: true })
  const total = setTimeout(stop, Math.max(0, limits.totalMs), limits.totalIsDeadline ? 'deadline' : 'total')

  return {
    signal: controller.signal,
    waitFor(phase) {
      clearTimeout(inactivity)
      inactivity = setTimeout(stop, phase === 'idle' ? limits.idleMs : limits.firstByteMs, phase)
    },
    pause: () => clearTimeout(inactivity),
    reason() {
      if (caller.aborted) return caller.reason
      if (stopped === 'deadline') return new AetherError('DEADLINE_EXCEEDED')
      return stopped === null ? null : new AetherError('LLM_UNAVAILABLE', MESSAGES[stopped])
    },
    dispose() {
      clearTimeout(inactivity)
      clearTimeout(total)
      caller.removeEventListener('abort', onAbort)
      controller.abort()
    },
  }
}
