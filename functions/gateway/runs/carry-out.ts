import type { Log } from '../../../shared/config/log.ts'
import type { NewId, Now } from '../../../shared/domain/ids.ts'
import { toWire } from '../../../shared/domain/wire.ts'
import { AetherError, toAetherError } from '../../../shared/errors/aether-error.ts'
import { toWireError } from '../../../shared/errors/wire.ts'
import { traceIdOf } from '../../../shared/http/trace-context.ts'
import type { Prices } from '../../../shared/llm/prices.ts'
import type { Db } from '../../../shared/storage/db.ts'
import { appendEvents } from '../../../shared/storage/runs/append-events.ts'
import { claimRun } from '../../../shared/storage/runs/claim-run.ts'
import { finishRun } from '../../../shared/storage/runs/finish-run.ts'
import { interruptRun } from '../../../shared/storage/runs/interrupt-run.ts'
import { lastSeq } from '../../../shared/storage/runs/read-events.ts'
import type { RunRow } from '../../../shared/storage/runs/rows.ts'
import type { Tracer } from '../../../shared/tracing/tracer.ts'
import { chainHash } from '../chat/hash.ts'
import type { GatewayCounts, RunEnd } from '../counts.ts'
import type { GatewayLimits } from '../limits.ts'
import { type CallAgentDeps, callAgent } from './call-agent.ts'
import type { Channel } from './channel.ts'
import { executeRun, type Outcome } from './execute-run.ts'
import type { Feed } from './feed.ts'
import { persist } from './persist.ts'
import { createRecorder, type Recorder, type Seen } from './record-events.ts'
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

/**
 * Carries out one stored run from claim to end: lease with heartbeat, deadline, events, outcome. `claimed` is the row
 * as its claim gave it, null where it still has to be claimed. Never throws: a run that cannot be ended is left to
 * the sweeper when its lease runs out.
 */
export async function carryOut(
  run: RunRow,
  claimed: RunRow | null,
  stop: AbortController,
  deps: CarryOutDeps,
): Promise<void> {
  const lease = { holder: deps.instance, ms: deps.limits.leaseMs }
  // A new run's channel is open before anything waits, so that its first reader misses nothing.
  let channel = run.attempts === 0 && claimed === null ? deps.feed.open(run.id, 0) : null
  const ends: (() => void)[] = []
  const start = deps.now()
  try {
    const own = claimed ?? (await stored(run.id, deps, () => claimRun(deps.db, { runId: run.id, lease })))
    if (own === null) return
    const after = own.attempts > 1 ? await lastSeq(deps.db, { runId: own.id }) : 0
    channel ??= deps.feed.open(own.id, after)
    const recorder = createRecorder({
      owner: own.owner,
      runId: own.id,
      attempt: own.attempts,
      after,
      channel,
      now: deps.now,
      store: (events, usage) =>
        stored(own.id, deps, () => appendEvents(deps.db, { runId: own.id, lease, events, usage })),
      onLost: (cause) => stop.abort(new AetherError('INTERRUPTED', undefined, { cause })),
    })
    ends.push(
      deps.count.watchBacklog(() => recorder.waiting),
      deps.timers.every(1_000, recorder.tick),
      deps.timers.every(Math.min(lease.ms / 3, deps.limits.beatMs), recorder.beat),
      deps.timers.after(deps.limits.turnMs, () => stop.abort(new AetherError('DEADLINE_EXCEEDED'))),
    )
    if (own.attempts > 1)
      recorder.event('gateway', {
        kind: 'status',
        text: 'The run was interrupted and goes on.',
        step: 'resume',
      })
    const trace = traceRun(own, deps)
    const call = {
      user: own.owner,
      messageId: `${own.id}.${own.attempts}`,
      deadline: deps.now() + deps.limits.turnMs,
      signal: stop.signal,
      traceparent: trace.traceparent,
    }
    const outcome = await executeRun(
      own,
      (turn) =>
        withinBudget(
          trace.watch(callAgent(own.options.agent, turn, deps, call)),
          own.options.tokensLeft ?? null,
          (error) => stop.abort(error),
        ),
      recorder,
      stop.signal,
    )
    trace.end(outcome)
    const state = await end(own, channel, recorder, outcome, deps)
    report({ run: own, state, outcome, seen: recorder.seen, start, traceparent: call.traceparent }, deps)
  } catch (thrown) {
    deps.log.error('run left to the sweeper', { run_id: run.id, error: toAetherError(thrown) })
  } finally {
    for (const cancel of ends) cancel()
    channel?.close()
  }
}

async function end(
  run: RunRow,
  channel: Channel,
  recorder: Recorder,
  outcome: Outcome,
  deps: CarryOutDeps,
): Promise<RunEnd> {
  if (outcome.kind === 'let_go') {
    if (outcome.error.code === 'CANCELLED') return 'cancelled'
    if (outcome.error.code !== 'SERVER_SHUTDOWN') return 'lost'
    await recorder.settle()
    await interruptRun(deps.db, { runId: run.id, holder: deps.instance })
    channel.publish({ kind: 'interrupted' })
    return 'interrupted'
  }
  if (!(await recorder.settle())) return 'lost'
  const answer = outcome.kind === 'answered' ? outcome.answer : null
  const error = outcome.kind === 'failed' ? toWireError(outcome.error) : null
  if (outcome.kind === 'failed')
    deps.log.warn('run failed', { run_id: run.id, code: outcome.error.code, error: outcome.error })
  const last = recorder.last(
    error === null
      ? { kind: 'result', text: answer ?? '', analysisIds: outcome.analysisIds }
      : { kind: 'error', ...error },
  )
  const state = error === null ? 'completed' : 'failed'
  const headHash = answer === null ? null : await chainHash(run.messageHash, 'assistant', answer)
  const written = await stored(run.id, deps, () =>
    finishRun(deps.db, {
      run,
      holder: deps.instance,
      state,
      answer,
      analysisIds: outcome.analysisIds,
      error,
      last,
      headHash,
      messageId: deps.newId('msg'),
    }),
  )
  if (!written) return 'lost'
  channel.publish({ kind: 'stored', stored: last })
  return state
}

/** One wide line a run and its counts, once it is over here. */
function report(
  over: {
    readonly run: RunRow
    readonly state: RunEnd
    readonly outcome: Outcome
    readonly seen: Seen
    readonly start: number
    readonly traceparent: string
  },
  { log, count, now }: CarryOutDeps,
): void {
  const { run, state, outcome, seen, start } = over
  const { agent } = run.options
  const ms = now() - start
  const firstTextMs = seen.firstTextAt === null ? null : seen.firstTextAt - start
  count.runEnded({ agent, state, ms, firstTextMs })
  log.info('run', {
    run_id: run.id,
    conversation_id: run.conversationId,
    trace_id: traceIdOf(over.traceparent),
    user: run.owner,
    agent,
    attempt: run.attempts,
    outcome: state,
    ...(outcome.kind === 'answered'
      ? { analyses: outcome.analysisIds.length }
      : { code: outcome.error.code }),
    model: seen.models.join(', '),
    ...toWire(seen.usage),
    first_text_ms: firstTextMs,
    ms,
  })
}

function stored<T>(runId: string, deps: CarryOutDeps, write: () => Promise<T>): Promise<T> {
  return persist(write, {
    timers: deps.timers,
    forMs: deps.limits.storageOutageMs,
    everyMs: deps.limits.storageRetryMs,
    onFault: (error) => deps.log.warn('run storage', { run_id: runId, error }),
  })
}
