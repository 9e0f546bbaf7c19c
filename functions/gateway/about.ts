import type { Log } from '../../shared/config/log.ts'
import type { Now } from '../../shared/domain/ids.ts'
import { pause, type Timers } from './runs/timers.ts'

/** What `GET /status` tells beside the dependencies. */
export interface StatusInfo {
  readonly home: { readonly source: string; readonly name: string } | null
  readonly model: string
  readonly sandbox: { readonly tier: string; readonly runsc: string | null; readonly platform: string | null }
}

/** What is told of the deployment beside its dependencies; null where it could not be had in time. */
export type About = Pick<StatusInfo, 'model'> & { readonly [K in 'home' | 'sandbox']: StatusInfo[K] | null }

/**
 * The description of the deployment: never later than the bound, never a fault, and the same for a few seconds, so that
 * neither an answer nor a status page waits for a home that hangs. What comes too late serves the next one who asks.
 */
export function createAbout(
  describe: () => StatusInfo | Promise<StatusInfo>,
  deps: {
    readonly model: string
    readonly now: Now
    readonly timers: Timers
    readonly log: Log
    readonly boundMs: number
    readonly keptMs: number
  },
): () => Promise<About> {
  const { model, now, timers, log } = deps
  const nothing: About = { home: null, model, sandbox: null }
  let kept: { until: number; about: Promise<About | null> } | null = null

  async function look(): Promise<About | null> {
    try {
      return await describe()
    } catch (error) {
      log.warn('describe', { error })
      return null
    }
  }

  return async () => {
    if (kept === null || now() >= kept.until) kept = { until: now() + deps.keptMs, about: look() }
    const over = new AbortController()
    const late = pause(timers, deps.boundMs, over.signal).then(() => null)
    try {
      return (await Promise.race([kept.about, late])) ?? nothing
    } finally {
      over.abort()
    }
  }
}
