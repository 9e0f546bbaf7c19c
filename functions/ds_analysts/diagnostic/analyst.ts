import { toSpan } from '../../../shared/analysis/metric.ts'
import type { AgentYield } from '../../../shared/domain/event.ts'
import type { Finding } from '../../../shared/domain/finding.ts'
import type { CallContext } from '../../../shared/domain/turn.ts'
import type { AgentDeps } from '../deps.ts'
import type { AnalysisState } from '../state.ts'
import { findAvailability } from './availability.ts'
import { findBatteries } from './batteries.ts'
import { findBrokenAutomations } from './broken-automations.ts'
import type { DiagnosticContext } from './context.ts'
import { readDeviceDrifts } from './device-drifts.ts'
import { findAskedDrift, findOtherDrift } from './drifting.ts'
import { findFailedRuns } from './failed-runs.ts'
import { findIntegrations } from './integrations.ts'
import { findLogTrouble } from './log-trouble.ts'
import { readFailedRuns } from './read-failed-runs.ts'
import { findSetup } from './setup.ts'
import { findSilence } from './silence.ts'

const FINDERS: readonly ((context: DiagnosticContext) => Finding | null)[] = [
  findAskedDrift,
  findAvailability,
  findOtherDrift,
  findBatteries,
  findSilence,
  findBrokenAutomations,
  findFailedRuns,
  findIntegrations,
  findSetup,
  findLogTrouble,
]

/** The diagnostic analyst: what is unavailable, weak, silent, broken or complaining, each with the check a user can do. */
export async function* analyseDiagnostics(
  state: AnalysisState,
  deps: AgentDeps,
  call: CallContext,
): AsyncGenerator<AgentYield> {
  yield { kind: 'status', text: 'Looking at devices, batteries and logs', step: 'collect' }
  const options = { signal: call.signal }
  const { window } = state.request
  const span = toSpan(window)
  const [registries, states, automations, repairs, integrations, setupIssues, failedRuns, errorLog, drifts] =
    await Promise.all([
      deps.home.registries(options),
      deps.home.states(options),
      deps.home.automations(options),
      deps.home.repairs(options),
      deps.home.integrations(options),
      deps.home.setupIssues(options),
      readFailedRuns(deps.home, span, options),
      deps.home.errorLog(options),
      readDeviceDrifts(deps.home, span.end, options),
    ])
  const entityIds = registries.entities.filter((entity) => !entity.disabled).map((entity) => entity.id)
  const history = entityIds.length > 0 ? await deps.home.history({ entityIds, ...span }, options) : new Map()
  const names = new Map(registries.entities.map((entity) => [entity.id, entity.name]))
  const context: DiagnosticContext = {
    state,
    window,
    span,
    zone: window.timeZone,
    now: Date.parse(state.info.now),
    registries,
    states,
    history,
    automations,
    repairs,
    integrations,
    setupIssues,
    failedRuns,
    errorLog,
    drifts,
    nameOf: (entityId) => names.get(entityId) ?? entityId,
  }
  for (const make of FINDERS) {
    const finding = make(context)
    if (finding) yield { kind: 'finding', analysisId: state.request.analysisId, finding }
  }
}
