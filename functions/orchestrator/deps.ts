import type { Peer } from '../../shared/a2a/client.ts'
import type { Log } from '../../shared/config/log.ts'
import type { NewId } from '../../shared/domain/ids.ts'
import type { LanguageModel } from '../../shared/llm/port.ts'
import type { StepStore } from '../../shared/steps/step-log.ts'
import type { Tracer } from '../../shared/tracing/tracer.ts'

/** What the orchestrator needs. It reads no home: who answers is decided from the words alone. */
export interface OrchestratorDeps {
  readonly llm: LanguageModel
  readonly newId: NewId
  readonly architect: Peer
  readonly tracer: Tracer
  readonly log: Log
  /** Where finished steps of runs are kept; null: nowhere. */
  readonly steps: StepStore | null
}
