import type {
  Automation,
  EntityState,
  Integration,
  Registries,
  Repair,
  SetupIssue,
  Span,
  StateChange,
} from '../../../shared/domain/home-data.ts'
import type { TimeWindow } from '../../../shared/domain/window.ts'
import type { AnalysisState } from '../state.ts'
import type { DeviceDrift } from './device-drifts.ts'
import type { FailedRuns } from './read-failed-runs.ts'

/** What every finding of the diagnostic analyst is made from. */
export interface DiagnosticContext {
  readonly state: AnalysisState
  readonly window: TimeWindow
  readonly span: Span
  readonly zone: string
  readonly now: number
  readonly registries: Registries
  readonly states: readonly EntityState[]
  readonly history: ReadonlyMap<string, readonly StateChange[]>
  readonly automations: readonly Automation[]
  readonly repairs: readonly Repair[]
  readonly integrations: readonly Integration[]
  readonly setupIssues: readonly SetupIssue[]
  readonly failedRuns: readonly FailedRuns[]
  readonly errorLog: string
  readonly drifts: readonly DeviceDrift[]
  readonly nameOf: (entityId: string) => string
}
