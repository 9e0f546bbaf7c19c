import { toSpan } from '../../../shared/analysis/metric.ts'
import type { AgentYield } from '../../../shared/domain/event.ts'
import type { Finding } from '../../../shared/domain/finding.ts'
import type { CallContext } from '../../../shared/domain/turn.ts'
import type { TimeWindow } from '../../../shared/domain/window.ts'
import type { AgentDeps } from '../deps.ts'
import type { AnalysisState } from '../state.ts'
import { findAutomationFit } from './automations.ts'
import type { BehaviorContext } from './context.ts'
import { findPeakActions } from './peak-actions.ts'
import { findRoutines } from './routines.ts'

/** Routines show over weeks: without this many days nothing recurs often enough to count. */
const LEAST_DAYS = 14
const DAY = 86_400_000

const FINDERS: readonly ((context: BehaviorContext) => Finding | null)[] = [
  findRoutines,
  findAutomationFit,
  findPeakActions,
]

/** The behavioral analyst: one logbook read for all, then routines, how automations fit, and what made a peak. */
export async function* analyseBehavior(
  state: AnalysisState,
  deps: AgentDeps,
  call: CallContext,
): AsyncGenerator<AgentYield> {
  yield { kind: 'status', text: 'Reading the logbook', step: 'collect' }
  const options = { signal: call.signal }
  const window = atLeast(
    state.request.window,
    LEAST_DAYS + state.request.strategy.extraDays,
    state.info.dataStart,
  )
  const span = toSpan(window)
  const [entries, automations, registries] = await Promise.all([
    deps.home.logbook(span, options),
    deps.home.automations(options),
    deps.home.registries(options),
  ])
  if (entries.length === 0) return
  const names = new Map(registries.entities.map((entity) => [entity.id, entity.name]))
  const context: BehaviorContext = {
    state,
    window,
    span,
    zone: window.timeZone,
    entries,
    automations,
    nameOf: (entityId) => names.get(entityId) ?? entityId,
  }
  for (const make of FINDERS) {
    const finding = make(context)
    if (finding) yield { kind: 'finding', analysisId: state.request.analysisId, finding }
  }
}

function atLeast(window: TimeWindow, days: number, dataStart: string): TimeWindow {
  const wanted = Math.min(Date.parse(window.start), Date.parse(window.end) - days * DAY)
  return { ...window, start: new Date(Math.max(wanted, Date.parse(dataStart))).toISOString() }
}
