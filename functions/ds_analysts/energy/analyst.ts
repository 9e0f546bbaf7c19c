import type { AgentYield } from '../../../shared/domain/event.ts'
import type { Finding } from '../../../shared/domain/finding.ts'
import type { CallContext } from '../../../shared/domain/turn.ts'
import type { AgentDeps } from '../deps.ts'
import type { AnalysisState } from '../state.ts'
import { findAnomaly } from './anomaly.ts'
import { findBaseload } from './baseload.ts'
import { checkIndependently } from './check.ts'
import { collect } from './collect.ts'
import { findComparison } from './comparison.ts'
import { createContext, type EnergyContext, wants } from './context.ts'
import { findCost } from './cost.ts'
import { findDevices } from './devices.ts'
import { findMissing } from './missing.ts'
import { findNight } from './night.ts'
import { findPeak } from './peak.ts'
import { findProfile } from './profile.ts'
import { findQuality } from './quality.ts'
import { findSolar } from './solar.ts'
import { findSupplies } from './supplies.ts'
import { findTotal } from './total.ts'

/** Each kind of finding with the questions that call for it. The total is part of every answer about energy. */
const FINDERS: readonly {
  readonly make: (context: EnergyContext) => Finding | null
  readonly when: (context: EnergyContext) => boolean
}[] = [
  { make: findTotal, when: () => true },
  { make: findCost, when: (c) => wants(c, 'cost', 'comparison') },
  { make: findComparison, when: (c) => wants(c, 'comparison') },
  { make: findPeak, when: (c) => wants(c, 'peak') },
  { make: findBaseload, when: (c) => wants(c, 'baseload', 'night') },
  { make: findNight, when: (c) => c.state.request.focus.includes('night') },
  { make: findDevices, when: (c) => wants(c, 'devices', 'comparison') },
  { make: findSolar, when: (c) => wants(c, 'solar') },
  { make: findSupplies, when: (c) => wants(c, 'supplies') },
  { make: findProfile, when: (c) => wants(c, 'profile') },
  { make: findAnomaly, when: (c) => c.state.request.focus.includes('anomaly') },
  { make: findQuality, when: () => true },
]

/** The energy analyst: reads the meters, looks at their quality, has the sum checked by a script, states what stands. */
export async function* analyseEnergy(
  state: AnalysisState,
  deps: AgentDeps,
  call: CallContext,
): AsyncGenerator<AgentYield> {
  yield { kind: 'status', text: 'Reading the meters', step: 'collect' }
  const data = await collect(state, deps.home, { signal: call.signal })
  let context = createContext(state, data)
  if (context.used.length === 0) return
  if (wants(context, 'total', 'cost', 'peak', 'baseload', 'night', 'comparison', 'anomaly'))
    context = { ...context, check: yield* checkIndependently(context, deps, call) }
  for (const { make, when } of FINDERS) {
    const finding = when(context) ? make(context) : null
    if (finding) yield { kind: 'finding', analysisId: state.request.analysisId, finding }
  }
  for (const finding of findMissing(context))
    yield { kind: 'finding', analysisId: state.request.analysisId, finding }
}
