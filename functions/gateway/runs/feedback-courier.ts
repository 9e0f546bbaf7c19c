import type { Log } from '../../../shared/config/log.ts'
import type { Now } from '../../../shared/domain/ids.ts'
import { oneAtATime } from '../../../shared/http/one-at-a-time.ts'
import { traceIdOf } from '../../../shared/http/trace-context.ts'
import type { Db } from '../../../shared/storage/db.ts'
import {
  markDelivered,
  type UndeliveredFeedback,
  undeliveredFeedback,
} from '../../../shared/storage/feedback/undelivered-feedback.ts'
import type { Tracing } from '../../../shared/tracing/open-tracing.ts'
import type { Timers } from './timers.ts'

export interface CourierDeps {
  readonly db: Db
  readonly assess: Tracing['assess']
  readonly timers: Timers
  readonly now: Now
  readonly log: Log
}

/** Takes people's feedback to the traces of their runs. */
export interface Courier {
  /** Delivers what can be delivered now. Never throws. */
  deliver(): Promise<void>
  start(): void
  stop(): void
}

/** The server may be down for a while, and a trace may arrive after its feedback. */
const EVERY_MS = 30_000
const KEPT_MS = 7 * 86_400_000
const BATCH = 50
const ANSWER_MS = 5_000

/** Name of the assessment, under which all feedback of people stands. */
const NAME = 'user_feedback'

/** A courier; without a server that takes assessments it does nothing, and the feedback stays with the runs. */
export function createCourier({ db, assess, timers, now, log }: CourierDeps): Courier {
  let end: (() => void) | null = null

  const deliverOne = async (
    feedback: UndeliveredFeedback,
    to: NonNullable<Tracing['assess']>,
  ): Promise<void> => {
    const { runId, rating, comment, at, owner } = feedback
    const assessment = {
      traceId: traceIdOf(feedback.traceparent),
      name: NAME,
      value: rating === 'up',
      rationale: comment,
      source: { type: 'HUMAN' as const, id: owner },
    }
    if (await to(assessment, AbortSignal.timeout(ANSWER_MS)))
      await markDelivered(db, { runId, at, deliveredAt: new Date(now()) })
  }

  const deliverAll = async (): Promise<void> => {
    if (assess === null) return
    try {
      const since = new Date(now() - KEPT_MS)
      for (const feedback of await undeliveredFeedback(db, { since, limit: BATCH }))
        await deliverOne(feedback, assess)
    } catch (error) {
      log.warn('feedback waits for the trace server', { error })
    }
  }

  const deliver = oneAtATime(deliverAll)

  return {
    deliver,
    start() {
      if (assess !== null) end ??= timers.every(EVERY_MS, () => void deliver())
    },
    stop() {
      end?.()
      end = null
    },
  }
}
