import { effectiveness } from '../../../shared/analysis/behaviour/effectiveness.ts'
import {
  confidenceOf,
  coverageFactor,
  recordsFactor,
  sampleFactor,
} from '../../../shared/analysis/confidence.ts'
import { formatMetric } from '../../../shared/analysis/format.ts'
import type { Finding } from '../../../shared/domain/finding.ts'
import type { Metric } from '../../../shared/domain/metric.ts'
import { sayDuring } from '../../../shared/domain/time/say.ts'
import type { BehaviorContext } from './context.ts'

const NAMED = 3
/** Fewer runs than these say nothing about how well an automation fits. */
const LEAST_RUNS = 3

/** How often people undo what an automation has just done; the least fitting first. */
export function findAutomationFit(context: BehaviorContext): Finding | null {
  const { state, window, entries, automations } = context
  const rows = effectiveness(entries, automations)
    .filter((row) => row.runs >= LEAST_RUNS && row.effectiveness !== null)
    .toSorted((a, b) => (a.effectiveness ?? 1) - (b.effectiveness ?? 1))
    .slice(0, NAMED)
  if (rows.length === 0) return null
  const metrics: Metric[] = []
  const parts = rows.map((row) => {
    const base = {
      window,
      label: row.alias,
      coverage: 1,
      samples: row.runs,
      entities: [row.entityId],
      method: 'effectiveness.10min.v1',
    } as const
    const runs = state.metric({ ...base, name: 'automation_runs', value: row.runs, unit: 'count' })
    const overrides = state.metric({ ...base, name: 'override_count', value: row.overrides, unit: 'count' })
    const fit = state.metric({
      ...base,
      name: 'automation_effectiveness',
      value: (row.effectiveness ?? 1) * 100,
      unit: '%',
    })
    metrics.push(runs, overrides, fit)
    return row.overrides === 0
      ? `"${row.alias}" ran ${runs.value} times and was never undone`
      : `"${row.alias}" ran ${runs.value} times and was undone ${overrides.value} times (${formatMetric(fit)} kept)`
  })
  return state.finding({
    analyst: 'behavioral',
    kind: 'automations',
    title: 'Automations',
    statement: `${sayDuring(window)}: ${parts.join('; ')}.`,
    confidence: confidenceOf([
      coverageFactor(1),
      sampleFactor(Math.min(...rows.map((row) => row.runs)), LEAST_RUNS, 'runs'),
      recordsFactor(),
    ]),
    metricIds: metrics.map((metric) => metric.id),
    entities: rows.map((row) => row.entityId),
    evidence: metrics.map((metric) => ({ kind: 'metric', metricId: metric.id })),
  })
}
