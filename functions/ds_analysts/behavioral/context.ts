import type { Automation, LogbookEntry, Span } from '../../../shared/domain/home-data.ts'
import type { TimeWindow } from '../../../shared/domain/window.ts'
import type { AnalysisState } from '../state.ts'

/** What every finding of the behavioral analyst is made from. */
export interface BehaviorContext {
  readonly state: AnalysisState
  readonly window: TimeWindow
  readonly span: Span
  readonly zone: string
  readonly entries: readonly LogbookEntry[]
  readonly automations: readonly Automation[]
  readonly nameOf: (entityId: string) => string
}
