import type { AnalysisRequest, AnalysisResult, Attempt, Strategy } from '../../shared/domain/analysis.ts'
import type { AgentYield } from '../../shared/domain/event.ts'
import { ANALYSTS, type AnalystName } from '../../shared/domain/names.ts'
import type { CallContext } from '../../shared/domain/turn.ts'
import { fromWire, toWire } from '../../shared/domain/wire.ts'
import { AetherError, toAetherError } from '../../shared/errors/aether-error.ts'
import type { AgentDeps } from './deps.ts'
import {
  addTry,
  analystsBelow,
  type Evidence,
  lastScriptError,
  NO_EVIDENCE,
  restingOn,
  weakestLink,
} from './evidence.ts'
import type { Plan } from './plan.ts'
import { canReadFurther, FIRST_TRY, LEAST_GAIN, nextTry } from './strategy.ts'

export interface Job {
  readonly analysisId: string
  readonly runId: string
  readonly question: string
  readonly plan: Plan
}

export interface Rounds {
  readonly evidence: Evidence
  readonly attempts: readonly Attempt[]
  /** Why the team fell silent, when it did after findings already stood. */
  readonly trouble: AetherError | null
}

/**
 * The confidence loop. Sends the analysts out; while the weakest finding is below the threshold, changes what its
 * weakest factor calls for and sends out again those concerned, at most `maxAttempts` times, and stops early when a
 * try gains less than 0.05. Every try is stored and shown as an `attempt` event. A team that fails before anything
 * is found throws; later it ends the loop with what is there.
 */
export async function* runRounds(
  job: Job,
  deps: AgentDeps,
  call: CallContext,
): AsyncGenerator<AgentYield, Rounds> {
  let evidence = NO_EVIDENCE
  let strategy: Strategy = FIRST_TRY
  let analysts: readonly AnalystName[] = job.plan.analysts
  let changes: readonly string[] = []
  const attempts: Attempt[] = []
  for (;;) {
    const before = weakestLink(restingOn(evidence.findings, job.plan.focus)).value
    let result: AnalysisResult
    try {
      result = yield* sendOut(job, analysts, strategy, evidence, deps, call)
    } catch (thrown) {
      const error = toAetherError(thrown)
      if (evidence.findings.length === 0 || call.signal.aborted) throw error
      return { evidence, attempts, trouble: error }
    }
    evidence = addTry(evidence, result)
    const resting = restingOn(evidence.findings, job.plan.focus)
    const link = weakestLink(resting)
    const attempt: Attempt = {
      number: strategy.attempt,
      confidence: link.value,
      weakest: link.factor && link.factor.value < 1 ? link.factor.name : null,
      changes,
    }
    attempts.push(attempt)
    await deps.analyses.recordAttempt({ analysisId: job.analysisId, attempt, result })
    yield { kind: 'attempt', analysisId: job.analysisId, ...attempt }

    const gained = strategy.attempt === 1 || link.value - before >= LEAST_GAIN
    if (link.value >= deps.threshold || !link.factor || !gained || strategy.attempt >= deps.maxAttempts) break
    const next = nextTry(
      strategy,
      link.factor.name,
      lastScriptError(result.scripts),
      canReadFurther(link.finding?.kind),
    )
    if (!next) break
    strategy = next.strategy
    changes = next.changes
    analysts = analystsBelow(resting, deps.threshold, ANALYSTS)
  }
  return { evidence, attempts, trouble: null }
}

async function* sendOut(
  job: Job,
  analysts: readonly AnalystName[],
  strategy: Strategy,
  evidence: Evidence,
  deps: AgentDeps,
  call: CallContext,
): AsyncGenerator<AgentYield, AnalysisResult> {
  const { plan } = job
  const request: AnalysisRequest = {
    analysisId: job.analysisId,
    runId: job.runId,
    question: job.question,
    analysts,
    focus: plan.focus,
    window: plan.window,
    compare: plan.compare,
    strategy,
    known: evidence.findings.filter((finding) => !analysts.includes(finding.analyst)),
  }
  yield {
    kind: 'delegation',
    from: 'ds_orchestrator',
    to: 'ds_analysts',
    reason: strategy.attempt === 1 ? plan.reason : `try ${strategy.attempt}, to raise the confidence`,
    analysts,
  }
  const message = {
    text: job.question,
    data: { schema: 'aether.analysis-request/v1', data: toWire(request) },
  }
  const context = { ...call, messageId: `${call.messageId}.${strategy.attempt}` }
  let result: AnalysisResult | null = null
  for await (const item of deps.dsAnalysts.call(message, context)) {
    if (item.kind === 'output') {
      if (item.schema === 'aether.analysis-result/v1') result = readResult(item.data)
    } else if (item.kind !== 'result' && item.kind !== 'text') yield item
  }
  if (!result)
    throw new AetherError('AGENT_UNAVAILABLE', 'The analysts ended without a result. Try again shortly.')
  return result
}

/** Our own analysts' answer, over an authenticated hop: the shape is theirs by contract (`aether.analysis-result/v1`). */
function readResult(data: Readonly<Record<string, unknown>>): AnalysisResult {
  return fromWire(data) as AnalysisResult
}
