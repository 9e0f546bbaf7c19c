import { confidenceOf, recordsFactor } from '../../../shared/analysis/confidence.ts'
import { orphanAutomations } from '../../../shared/analysis/diagnostics/orphans.ts'
import type { Finding } from '../../../shared/domain/finding.ts'
import type { DiagnosticContext } from './context.ts'

/** Automations that are switched off, refer to what does not exist, or have not run for a month. */
export function findBrokenAutomations(context: DiagnosticContext): Finding | null {
  const { state, window, automations, registries, now } = context
  const broken = orphanAutomations(
    automations,
    registries,
    now,
    new Set(context.states.map((each) => each.entityId)),
  )
  if (broken.length === 0) return null
  const count = state.metric({
    name: 'orphan_count',
    value: broken.length,
    unit: 'count',
    window,
    coverage: 1,
    samples: automations.length,
    method: 'orphans.v1',
    entities: broken.map((row) => row.entityId),
  })
  return state.finding({
    analyst: 'diagnostic',
    kind: 'automations',
    title: 'Automations that need a look',
    statement: `Automations that need a look: ${broken.map((row) => `"${row.alias}" (${row.reason})`).join(', ')}.`,
    confidence: confidenceOf([recordsFactor()]),
    metricIds: [count.id],
    entities: broken.map((row) => row.entityId),
    evidence: [{ kind: 'metric', metricId: count.id }],
  })
}
