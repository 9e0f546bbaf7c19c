import { run } from '../../../../functions/ds_analysts/agent.ts'
import type { AgentDeps } from '../../../../functions/ds_analysts/deps.ts'
import type { AnalysisRequest, AnalysisResult } from '../../../../shared/domain/analysis.ts'
import { createNewId } from '../../../../shared/domain/ids.ts'
import { fromWire } from '../../../../shared/domain/wire.ts'
import type { HomeSource } from '../../../../shared/home/port.ts'
import { NO_TRACER } from '../../../../shared/tracing/tracer.ts'
import { noModel } from '../../../fakes/no-model.ts'
import { aRequest, aWeek } from '../../../fakes/records.ts'

/** The first local midnight of the week that is analysed, and its hours. */
export const START = Date.parse(aWeek.start)
export const WEEK_HOURS = 168

/** What the energy analyst finds out about a home, without model and sandbox, with short ways to its parts. */
export async function analyse(home: HomeSource, over: Partial<AnalysisRequest> = {}) {
  const deps = {
    now: () => START,
    newId: createNewId(() => START),
    home,
    llm: noModel,
    sandbox: null,
    tracer: NO_TRACER,
  } as unknown as AgentDeps
  const call = { user: 'me', messageId: 'm', deadline: 1e15, signal: AbortSignal.any([]), traceparent: '' }
  let result: AnalysisResult | null = null
  for await (const item of run(aRequest({ ...over }), deps, call))
    if (item.kind === 'output') result = fromWire(item.data) as AnalysisResult
  const { metrics = [], findings = [] } = result ?? {}
  return {
    findings,
    value: (name: string, label: string | null = null) =>
      metrics.find((m) => m.name === name && m.label === label)?.value,
    finding: (kind: string) => findings.find((f) => f.kind === kind),
    factor: (kind: string, name: string) =>
      findings.find((f) => f.kind === kind)?.confidence.factors.find((f) => f.name === name)?.value,
  }
}
