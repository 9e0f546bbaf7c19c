import { confidenceOf, recordsFactor } from '../../../shared/analysis/confidence.ts'
import type { Finding } from '../../../shared/domain/finding.ts'
import type { DiagnosticContext } from './context.ts'

const NAMED = 8

/** Integrations that somebody set up and that did not load: everything that hangs on them is missing. */
export function findIntegrations(context: DiagnosticContext): Finding | null {
  const { state, window, integrations } = context
  const broken = integrations.filter((each) => !each.disabled && each.state !== 'loaded')
  if (broken.length === 0) return null
  const count = state.metric({
    name: 'integration_count',
    value: broken.length,
    unit: 'count',
    window,
    coverage: 1,
    samples: integrations.length,
    method: 'integrations.v1',
  })
  const named = broken.slice(0, NAMED).map((each) => `${each.title} (${each.state.replaceAll('_', ' ')})`)
  const more = broken.length - named.length
  return state.finding({
    analyst: 'diagnostic',
    kind: 'availability',
    title: 'Integrations that are not loaded',
    statement: `Integrations that are not loaded: ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`,
    confidence: confidenceOf([recordsFactor()]),
    metricIds: [count.id],
    entities: [],
    evidence: [{ kind: 'metric', metricId: count.id }],
  })
}
