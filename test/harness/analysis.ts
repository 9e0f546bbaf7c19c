import { run } from '../../functions/ds_analysts/agent.ts'
import type { AgentDeps } from '../../functions/ds_analysts/deps.ts'
import type { AnalysisRequest, AnalysisResult } from '../../shared/domain/analysis.ts'
import { createNewId } from '../../shared/domain/ids.ts'
import { fromWire } from '../../shared/domain/wire.ts'
import type { HomeSource } from '../../shared/home/port.ts'
import { NO_TRACER } from '../../shared/tracing/tracer.ts'
import { noModel } from '../fakes/no-model.ts'
import { aRequest } from '../fakes/records.ts'

/** What the analysts find out about a home at a present (epoch ms), without model and sandbox. Throws without a result. */
export async function analyseAt(
  home: HomeSource,
  now: number,
  over: Partial<AnalysisRequest>,
): Promise<AnalysisResult> {
  const deps = {
    now: () => now,
    newId: createNewId(() => now),
    home,
    llm: noModel,
    sandbox: null,
    tracer: NO_TRACER,
  } as unknown as AgentDeps
  const call = { user: 'me', messageId: 'm', deadline: 1e15, signal: AbortSignal.any([]), traceparent: '' }
  let result: AnalysisResult | null = null
  for await (const item of run(aRequest(over), deps, call))
    if (item.kind === 'output') result = fromWire(item.data) as AnalysisResult
  if (result === null) throw new Error('there is no result')
  return result
}
