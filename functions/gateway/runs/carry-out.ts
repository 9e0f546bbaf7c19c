import { steadyNow } from '../../../shared/domain/time/steady.ts'
import { toWire } from '../../../shared/domain/wire.ts'
import { AetherError, toAetherError } from '../../../shared/errors/aether-error.ts'
import { toWireError } from '../../../shared/errors/wire.ts'
import { traceIdOf } from '../../../shared/http/trace-context.ts'
import { claimRun } from '../../../shared/storage/runs/claim-run.ts'
import { finishRun } from '../../../shared/storage/runs/finish-run.ts'
import { interruptRun } from '../../../shared/storage/runs/interrupt-run.ts'
import type { Lease } from '../../../shared/storage/runs/lease.ts'
import { lastSeq } from '../../../shared/storage/runs/read-events.ts'
import { retryRun } from '../../../shared/storage/runs/retry-run.ts'
import type { RunRow } from '../../../shared/storage/runs/rows.ts'
import { chainHash } from '../chat/hash.ts'
import type { RunEnd } from '../counts.ts'
import type { Channel } from './channel.ts'
import { createSeen, type Outcome } from './execute-run.ts'
import type { Recorder, Seen } from './record-events.ts'
import { pause } from './timers.ts'
import { type CarryOutDeps, type Frame, stored, tryRun } from './try-run.ts'

type LastOutcome = Exclude<Outcome, { kind: 'try_again' }>

/**
 * Carries out one stored run from claim to end: lease with heartbeat, deadline, events, outcome. A team that was lost at
 * its work is asked again, after a while and within the run's tries. `claimed` is the row as its claim gave it, null
 * where it still has to be claimed. Never throws: a run that cannot be ended is left to the sweeper when its lease runs
 * out.
 */
export async function carryOut(
  run: RunRow,
  claimed: RunRow | null,
  stop: AbortController,
  deps: CarryOutDeps,
): Promise<void> {
  const { db, timers, limits, log } = deps
  const lease = { holder: deps.instance, ms: limits.leaseMs }
  // A new run's channel is open before anything waits, so that its first reader misses nothing.
  let channel = run.attempts === 0 && claimed === null ? deps.feed.open(run.id, 0) : null
  let cancelDeadline = () => {}
  try {
    const own = claimed ?? (await stored(run.id, deps, () => claimRun(db, { runId: run.id, lease })))
    if (own === null) return
    const after = own.attempts > 1 ? await lastSeq(db, { runId: own.id }) : 0
    channel ??= deps.feed.open(own.id, after)
    cancelDeadline = timers.after(limits.turnMs, () => stop.abort(new AetherError('DEADLINE_EXCEEDED')))
    const deadline = steadyNow() + limits.turnMs
    const tokensLeft = own.options.tokensLeft ?? null
    await tryUntilEnd(own, { channel, stop, deadline, lease, seen: createSeen(), tokensLeft, after }, deps)
  } catch (thrown) {
    log.error('run left to the sweeper', { run_id: run.id, error: toAetherError(thrown) })
  } finally {
    cancelDeadline()
    channel?.close()
  }
}

/** One try after the other, until the run has its end or is somebody else's. */
async function tryUntilEnd(first: RunRow, begin: Frame, deps: CarryOutDeps): Promise<void> {
  const { channel, stop, lease } = begin
  const start = deps.now()
  let run = first
  let frame = begin
  for (let pauseMs = deps.limits.againMs; ; pauseMs *= 4) {
    const { outcome, recorder, traceparent } = await tryRun(run, frame, deps)
    const over = { run, seen: recorder.seen, start, traceparent }
    if (outcome.kind !== 'try_again') {
      const state = await end(run, channel, recorder, outcome, deps)
      return report({ ...over, state, outcome }, deps)
    }
    deps.log.warn('run tries again', { run_id: run.id, attempt: run.attempts, error: outcome.error })
    const isHeld = await recorder.settle()
    if (isHeld) await pause(deps.timers, pauseMs, stop.signal)
    const next = isHeld ? await nextTry(run, { lease, isEnding: stop.signal.aborted }, deps) : null
    if (next === null) {
      const gone = { kind: 'let_go', error: outcome.error } as const
      return report({ ...over, state: 'lost', outcome: gone }, deps)
    }
    run = next
    const { tokensLeft } = frame
    const used = recorder.seen.usage.totalTokens
    frame = { ...frame, after: recorder.seq, tokensLeft: tokensLeft === null ? null : tokensLeft - used }
  }
}

/** The run for its next try; where it is to end, the same try finds out how, and gets nowhere else. Null: it is not held any more. */
async function nextTry(
  run: RunRow,
  { lease, isEnding }: { readonly lease: Lease; readonly isEnding: boolean },
  deps: CarryOutDeps,
): Promise<RunRow | null> {
  if (isEnding) return run
  const { id: runId, attempts: attempt } = run
  return stored(runId, deps, () => retryRun(deps.db, { runId, attempt, lease }))
}

async function end(
  run: RunRow,
  channel: Channel,
  recorder: Recorder,
  outcome: LastOutcome,
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
    readonly outcome: LastOutcome
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
