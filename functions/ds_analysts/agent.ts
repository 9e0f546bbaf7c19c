import type { AnalysisRequest, AnalysisResult } from '../../shared/domain/analysis.ts'
import type { AgentYield } from '../../shared/domain/event.ts'
import { ANALYSTS, type AnalystName } from '../../shared/domain/names.ts'
import type { CallContext } from '../../shared/domain/turn.ts'
import { toWire } from '../../shared/domain/wire.ts'
import { bindTrace } from '../../shared/tracing/bind.ts'
import { traceAgent } from '../../shared/tracing/traced-agent.ts'
import { analyseBehavior } from './behavioral/analyst.ts'
import type { AgentDeps } from './deps.ts'
import { analyseDiagnostics } from './diagnostic/analyst.ts'
import { analyseEnergy } from './energy/analyst.ts'
import { AnalysisState } from './state.ts'

type Analyst = (state: AnalysisState, deps: AgentDeps, call: CallContext) => AsyncGenerator<AgentYield>

const TEAM: Readonly<Record<AnalystName, Analyst>> = {
  energy: analyseEnergy,
  behavioral: analyseBehavior,
  diagnostic: analyseDiagnostics,
}

/**
 * One try of the named analysts, always in the order energy, behavioral, diagnostic, over one shared state: a later
 * one reads what the earlier ones found. Findings are yielded as they stand, the evidence of the try at the end.
 */
export async function* run(
  request: AnalysisRequest,
  deps: AgentDeps,
  call: CallContext,
): AsyncGenerator<AgentYield> {
  const info = await bindTrace(deps, call.traceparent).home.info({ signal: call.signal })
  const state = new AnalysisState(request, info, deps.newId)
  for (const name of ANALYSTS)
    if (request.analysts.includes(name))
      yield* traceAgent(
        deps.tracer,
        { name, attributes: { 'aether.attempt': request.strategy.attempt } },
        call,
        (within) => TEAM[name](state, bindTrace(deps, within.traceparent), within),
      )
  const result: AnalysisResult = {
    analysisId: request.analysisId,
    attempt: request.strategy.attempt,
    findings: state.ownFindings,
    metrics: state.metrics,
    scripts: state.scripts,
  }
  yield { kind: 'output', schema: 'aether.analysis-result/v1', data: toWire(result) }
  yield { kind: 'result', text: `${state.ownFindings.length} findings`, analysisIds: [request.analysisId] }
}
