import type { Analysis } from '../../shared/domain/analysis.ts'
import type { AgentYield } from '../../shared/domain/event.ts'
import type { HomeInfo } from '../../shared/domain/home.ts'
import { sayWindow } from '../../shared/domain/time/say.ts'
import type { AnalysisQuestion, CallContext } from '../../shared/domain/turn.ts'
import { toWire } from '../../shared/domain/wire.ts'
import { stableId } from '../../shared/steps/stable-id.ts'
import type { AgentDeps } from './deps.ts'
import { restingOn, weakestLink } from './evidence.ts'
import { buildLedger } from './ledger.ts'
import { merge } from './merge.ts'
import { type Plan, settlePlan } from './plan.ts'
import { runRounds } from './rounds.ts'
import { select } from './select.ts'
import { synthesise } from './synthesise.ts'

/**
 * Leads one analysis: chooses analysts and window, sends the analysts out until the confidence suffices, merges what
 * they found, and has it worded with every number checked against the ledger.
 */
export async function* run(
  question: AnalysisQuestion,
  deps: AgentDeps,
  call: CallContext,
): AsyncGenerator<AgentYield> {
  const info = await deps.home.info({ signal: call.signal })
  yield { kind: 'status', text: 'Choosing who looks into it', step: 'select' }
  const plan = settlePlan(question, yield* select(question, info, deps, call), info)
  if (!plan) return yield* say(noData(info), [])

  const analysisId = await stableId('ana', 'ds_orchestrator', call.messageId, deps.newId)
  const { window } = plan
  await deps.analyses.create({
    id: analysisId,
    runId: question.runId,
    owner: call.user,
    question: question.question,
    window,
  })
  const job = { analysisId, runId: question.runId, question: question.question, plan }
  const { evidence, attempts, trouble } = yield* runRounds(job, deps, call)
  if (evidence.findings.length === 0) {
    await deps.analyses.finish({ analysisId, confidence: 0, artifacts: [] })
    return yield* say(nothingFound(info, plan), [analysisId])
  }

  yield { kind: 'status', text: 'Putting the findings together', step: 'synthesise' }
  const { findings, conflicts } = merge(evidence.findings, evidence.metrics, plan.focus)
  const confidence = weakestLink(restingOn(findings, plan.focus))
  const ledger = buildLedger({
    question: question.question,
    brief: question.hints.brief,
    info,
    plan,
    findings,
    metrics: evidence.metrics,
    scripts: evidence.scripts,
    conflicts,
    confidence,
    offlineModel: deps.llm.offline,
    troubles: trouble ? [`A further try failed: ${trouble.message}`] : [],
  })
  const text = yield* synthesise(ledger, question.hints.model, deps, call)
  await deps.analyses.finish({ analysisId, confidence: confidence.value, artifacts: [] })
  const analysis: Analysis = {
    id: analysisId,
    runId: question.runId,
    question: question.question,
    window,
    confidence: confidence.value,
    attempts,
    findings,
    metrics: evidence.metrics,
    scripts: evidence.scripts,
    artifacts: [],
  }
  yield { kind: 'output', schema: 'aether.analysis/v1', data: toWire(analysis) }
  yield* say(text, [analysisId])
}

/** The answer, line by line, so that a long one starts to appear at once. */
async function* say(text: string, analysisIds: readonly string[]): AsyncGenerator<AgentYield> {
  let offset = 0
  for (const delta of text.match(/[^\n]*\n+|[^\n]+$/g) ?? []) {
    yield { kind: 'text', delta, offset }
    offset += delta.length
  }
  yield { kind: 'result', text, analysisIds }
}

function nothingFound(info: HomeInfo, plan: Plan): string {
  return [
    `Nothing can be said for ${sayWindow(plan.window)}: ${info.name} has no data of the kind that the ${plan.analysts.join(', ')} analysts need for this.`,
    ...info.notes,
    ...plan.notes,
    info.source === 'file' && !plan.analysts.includes('energy')
      ? 'A file of meter readings tells nothing about devices, routines or states: ask about energy.'
      : 'Ask about another time, or check in the source that the meters and devices are recorded.',
  ].join(' ')
}

function noData(info: HomeInfo): string {
  const all = { start: info.dataStart, end: info.dataEnd, timeZone: info.timeZone }
  return [
    `There is no data for that time. The data of ${info.name} runs from ${sayWindow(all)}.`,
    ...info.notes,
    'Ask about a time within it, for instance "all the data".',
  ].join(' ')
}
