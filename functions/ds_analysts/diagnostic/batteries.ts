import { confidenceOf, recordsFactor } from '../../../shared/analysis/confidence.ts'
import { batteries } from '../../../shared/analysis/diagnostics/battery.ts'
import { formatMetric } from '../../../shared/analysis/format.ts'
import type { Finding } from '../../../shared/domain/finding.ts'
import type { DiagnosticContext } from './context.ts'

/** Batteries at 20 % or less, and things that went silent on a low one. */
export function findBatteries(context: DiagnosticContext): Finding | null {
  const { state, window, states, registries, history, span } = context
  const weak = batteries(states, registries, history, span).filter((row) => row.state !== 'ok')
  if (weak.length === 0) return null
  const parts = weak.map((row) => {
    if (row.level === null)
      return { text: `${row.name} ${row.state === 'dead' ? 'is dead' : 'is low'}`, metric: null }
    const metric = state.metric({
      name: 'battery_level',
      label: row.name,
      value: row.level,
      unit: '%',
      window,
      coverage: 1,
      samples: 1,
      method: 'battery.state.v1',
      entities: [row.entityId],
    })
    return {
      text: `${row.name} ${row.state === 'dead' ? 'is dead, last at' : 'is at'} ${formatMetric(metric)}`,
      metric,
    }
  })
  const metrics = parts.flatMap(({ metric }) => (metric ? [metric] : []))
  return state.finding({
    analyst: 'diagnostic',
    kind: 'battery',
    title: 'Batteries',
    statement: `Batteries to change: ${parts.map(({ text }) => text).join(', ')}.`,
    confidence: confidenceOf([recordsFactor()]),
    metricIds: metrics.map((metric) => metric.id),
    entities: weak.map((row) => row.entityId),
    evidence: metrics.map((metric) => ({ kind: 'metric', metricId: metric.id })),
  })
}
