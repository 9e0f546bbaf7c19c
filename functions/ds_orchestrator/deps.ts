import type { AgentServiceDeps } from '../../shared/a2a/agent-service.ts'
import type { Peer } from '../../shared/a2a/client.ts'
import type { Analysis, AnalysisResult, ArtifactRef, Attempt } from '../../shared/domain/analysis.ts'
import type { NewId, Now } from '../../shared/domain/ids.ts'
import type { HomeSource } from '../../shared/home/port.ts'
import type { LanguageModel } from '../../shared/llm/port.ts'
import type { StepStore } from '../../shared/steps/step-log.ts'
import type { Tracer } from '../../shared/tracing/tracer.ts'

/** Where analyses are kept; every verb is one transaction and safe to repeat. */
export interface AnalysisRecords {
  create(
    analysis: Pick<Analysis, 'id' | 'runId' | 'question' | 'window'> & { readonly owner: string },
  ): Promise<void>
  recordAttempt(entry: { analysisId: string; attempt: Attempt; result: AnalysisResult }): Promise<void>
  finish(entry: { analysisId: string; confidence: number; artifacts: readonly ArtifactRef[] }): Promise<void>
}

/** What the thinking needs. */
export interface AgentDeps {
  readonly now: Now
  readonly newId: NewId
  readonly home: HomeSource
  readonly llm: LanguageModel
  readonly dsAnalysts: Peer
  readonly analyses: AnalysisRecords
  /** Below this confidence another try is made, at most `maxAttempts` in all. */
  readonly threshold: number
  readonly maxAttempts: number
}

export interface DsOrchestratorDeps extends AgentDeps, AgentServiceDeps {
  readonly tracer: Tracer
  /** Where finished steps of runs are kept; null: nowhere. */
  readonly steps: StepStore | null
}
