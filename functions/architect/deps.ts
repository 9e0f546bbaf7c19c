import type { AgentServiceDeps } from '../../shared/a2a/agent-service.ts'
import type { Peer } from '../../shared/a2a/client.ts'
import type { Catalogue } from '../../shared/domain/catalogue.ts'
import type { NewId, Now } from '../../shared/domain/ids.ts'
import type { HomeSource } from '../../shared/home/port.ts'
import type { LanguageModel } from '../../shared/llm/port.ts'
import type { StepStore } from '../../shared/steps/step-log.ts'
import type { Tracer } from '../../shared/tracing/tracer.ts'

/** What the thinking needs. */
export interface AgentDeps {
  readonly now: Now
  readonly newId: NewId
  readonly home: HomeSource
  readonly catalogue: Catalogue
  readonly llm: LanguageModel
  readonly dsOrchestrator: Peer
}

export interface ArchitectDeps extends AgentDeps, AgentServiceDeps {
  readonly tracer: Tracer
  /** Where finished steps of runs are kept; null: nowhere. */
  readonly steps: StepStore | null
}
