import { abortable } from '../../../shared/a2a/abortable.ts'
import type { AgentYield } from '../../../shared/domain/event.ts'
import type { Finding } from '../../../shared/domain/finding.ts'
import type { Turn } from '../../../shared/domain/turn.ts'
import { AetherError, toAetherError } from '../../../shared/errors/aether-error.ts'
import type { ErrorCode } from '../../../shared/errors/table.ts'
import type { RunRow } from '../../../shared/storage/runs/rows.ts'
import { createStopFilter, cutAtStop } from '../chat/stop.ts'
import { partialEnd } from './partial-answer.ts'
import type { Recorder } from './record-events.ts'
import { fromRunError } from './run-error.ts'

/** How an execution ended, before it is stored. */
export type Outcome =
  | { readonly kind: 'answered'; readonly answer: string; readonly analysisIds: readonly string[] }
  | { readonly kind: 'failed'; readonly error: AetherError; readonly analysisIds: readonly string[] }
  /** An agent was lost while the team worked: the same turn may find it again. */
  | { readonly kind: 'try_again'; readonly error: AetherError }
  /** Somebody else decides about the run: it was cancelled, lost, or left to the next process. */
  | { readonly kind: 'let_go'; readonly error: AetherError }

/** What an agent of the team ends with whose process is gone, or is about to go, or could not keep what it found. */
const LOST: readonly ErrorCode[] = ['AGENT_UNAVAILABLE', 'SERVER_SHUTDOWN', 'STORAGE_UNAVAILABLE']

/**
 * Consumes an agent to its end and records what it yields. `signal` aborts with an AetherError that says why:
 * DEADLINE_EXCEEDED ends the run; CANCELLED, SERVER_SHUTDOWN and INTERRUPTED let go of it. Where the run `mayTryAgain`,
 * a team that was lost at its work is no end; one that was never there is. `seen` goes from try to try.
 */
export async function executeRun(
  run: RunRow,
  agent: (turn: Turn) => AsyncIterable<AgentYield>,
  recorder: Recorder,
  {
    signal,
    mayTryAgain,
    seen,
  }: { readonly signal: AbortSignal; readonly mayTryAgain: boolean; readonly seen: SeenItems },
): Promise<Outcome> {
  const stop = createStopFilter(run.options.stop)
  let final: string | null = null
  try {
    if (run.turn === null)
      throw new AetherError('INTERNAL', undefined, { cause: 'open run without its turn' })
    for await (const item of abortable(agent(run.turn), signal)) {
      if (item.kind === 'output') continue
      const service = item.origin ?? 'gateway'
      seen.add(item)
      if (item.kind === 'text') recorder.text(service, stop.push(item.delta))
      else if (item.kind === 'error') throw fromRunError(item)
      else if (item.kind === 'result') final = cutAtStop(item.text, run.options.stop)
      else recorder.event(service, item)
      await recorder.room()
    }
    recorder.text('gateway', stop.flush())
    const answer = final ?? seen.question ?? recorder.answer
    if (answer.trim() === '')
      throw new AetherError('INTERNAL', undefined, { cause: 'agent ended without an answer' })
    if (answer.startsWith(recorder.answer)) recorder.text('gateway', answer.slice(recorder.answer.length))
    return { kind: 'answered', answer, analysisIds: seen.analysisIds }
  } catch (thrown) {
    const error = toAetherError(signal.aborted ? signal.reason : thrown)
    if (['CANCELLED', 'SERVER_SHUTDOWN', 'INTERRUPTED'].includes(error.code) && signal.aborted)
      return { kind: 'let_go', error }
    const hadTeam = seen.hasTeam || run.attempts > 1
    if (mayTryAgain && hadTeam && LOST.includes(error.code)) return { kind: 'try_again', error }
    // A bound answer has no prose around it: there is no partial one.
    const bound = run.turn?.hints.responseFormat != null
    if (seen.findings.length === 0 || bound) return { kind: 'failed', error, analysisIds: seen.analysisIds }
    recorder.text('gateway', stop.flush())
    recorder.event('gateway', { kind: 'status', text: error.message, step: 'partial' })
    recorder.text('gateway', partialEnd(recorder.answer, seen.findings, error))
    return { kind: 'answered', answer: recorder.answer, analysisIds: seen.analysisIds }
  }
}

/** What the end of a run needs to know of its middle. */
export interface SeenItems {
  add(item: AgentYield): void
  readonly findings: readonly Finding[]
  readonly analysisIds: readonly string[]
  /** What was asked back, with its options. */
  readonly question: string | null
  /** Somebody beyond this process has answered. */
  readonly hasTeam: boolean
}

/** Nothing yet; one for all tries of a run. */
export function createSeen(): SeenItems {
  const ids = new Set<string>()
  const findings = new Map<string, Finding>()
  let question: string | null = null
  let hasTeam = false
  return {
    get findings() {
      return [...findings.values()]
    },
    get hasTeam() {
      return hasTeam
    },
    get question() {
      return question
    },
    get analysisIds() {
      return [...ids]
    },
    add(item: AgentYield) {
      const { origin = 'gateway' } = item.kind === 'output' ? {} : item
      if (origin !== 'gateway' && origin !== 'orchestrator') hasTeam = true
      // A further try meets finished steps again, with what they found.
      if (item.kind === 'finding') findings.set(`${item.analysisId} ${item.finding.id}`, item.finding)
      if (item.kind === 'finding' || item.kind === 'attempt') ids.add(item.analysisId)
      if (item.kind === 'result') for (const id of item.analysisIds) ids.add(id)
      if (item.kind === 'clarify')
        question = [item.question, ...item.options.map((option) => `- ${option}`)].join('\n')
    },
  }
}
