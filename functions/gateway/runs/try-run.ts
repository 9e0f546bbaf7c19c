import type { Log } from '../../../shared/config/log.ts'
import type { NewId, Now } from '../../../shared/domain/ids.ts'
import { AetherError } from '../../../shared/errors/aether-error.ts'
import type { Prices } from '../../../shared/llm/prices.ts'
import type { Db } from '../../../shared/storage/db.ts'
import { persistently } from '../../../shared/storage/persistently.ts'
import { appendEvents } from '../../../shared/storage/runs/append-events.ts'
import type { Lease } from '../../../shared/storage/runs/lease.ts'
import type { RunRow } from '../../../shared/storage/runs/rows.ts'
import type { Tracer } from '../../../shared/tracing/tracer.ts'
import type { GatewayCounts } from '../counts.ts'
import type { GatewayLimits } from '../limits.ts'
import { type CallAgentDeps, callAgent } from './call-agent.ts'
import type { Channel } from './channel.ts'
import { executeRun, type Outcome, type SeenItems } from './execute-run.ts'
import type { Feed } from './feed.ts'
import { createRecorder, type Recorder } from './record-events.ts'
import type { Timers } from './timers.ts'
import { traceRun } from './trace-run.ts'
import { withinBudget } from './within-budget.ts'

export interface CarryOutDeps extends CallAgentDeps {
  readonly db: Db
  readonly feed: Feed
  readonly timers: Timers
  readonly now: Now
  readonly newId: NewId
  readonly log: Log
  readonly limits: GatewayLimits
  readonly count: GatewayCounts
  /** Who holds the leases of this process. */
  readonly instance: string
  readonly tracer: Tracer
  readonly prices: Prices
}

/** What the tries of one run have in common. */
export interface Frame {
  readonly channel: Channel
  readonly stop: AbortController
  /** By `steadyNow`. */
  readonly deadline: number
  readonly lease: Lease
  readonly seen: SeenItems
  /** Tokens that are left of the key's; null: any number. */
  readonly tokensLeft: number | null
  /** Seq of the run's last event so far. */
  readonly after: number
}

export interface Tried {
  readonly outcome: Outcome
  /** Holds what is not stored yet. */
  readonly recorder: Recorder
  readonly traceparent: string
}

/**
 * One try of a run that is held here: the agent is asked and what it yields recorded, with a heartbeat for the lease.
 * The outcome is not stored yet.
 */
export async function tryRun(run: RunRow, frame: Frame, deps: CarryOutDeps): Promise<Tried> {
  const { channel, stop, lease } = frame
  const { timers, limits } = deps
  const recorder = createRecorder({
    owner: run.owner,
    runId: run.id,
    attempt: run.attempts,
    after: frame.after,
    channel,
    now: deps.now,
    store: (events, usage) =>
      stored(run.id, deps, () => appendEvents(deps.db, { runId: run.id, lease, events, usage })),
    onLost: (cause) => stop.abort(new AetherError('INTERRUPTED', undefined, { cause })),
  })
  const ends = [
    deps.count.watchBacklog(() => recorder.waiting),
    timers.every(1_000, recorder.tick),
    timers.every(Math.min(lease.ms / 3, limits.beatMs), recorder.beat),
  ]
  try {
    if (run.attempts > 1)
      recorder.event('gateway', {
        kind: 'status',
        text: 'The run was interrupted and goes on.',
        step: 'resume',
      })
    const trace = traceRun(run, deps)
    const { traceparent } = trace
    const call = {
      user: run.owner,
      messageId: `${run.id}.${run.attempts}`,
      deadline: frame.deadline,
      signal: stop.signal,
      traceparent,
    }
    const outcome = await executeRun(
      run,
      (turn) =>
        withinBudget(trace.watch(callAgent(run.options.agent, turn, deps, call)), frame.tokensLeft, (error) =>
          stop.abort(error),
        ),
      recorder,
      { signal: stop.signal, mayTryAgain: run.attempts < limits.maxAttempts, seen: frame.seen },
    )
    if (outcome.kind === 'try_again')
      recorder.event('gateway', { kind: 'status', text: 'An agent was lost; the run goes on shortly.' })
    trace.end(outcome)
    return { outcome, recorder, traceparent }
  } finally {
    for (const cancel of ends) cancel()
  }
}

/** A write for a run, repeated through an outage of the database. */
export function stored<T>(runId: string, deps: CarryOutDeps, write: () => Promise<T>): Promise<T> {
  return persistently(write, (error) => deps.log.warn('run storage', { run_id: runId, error }))
}
