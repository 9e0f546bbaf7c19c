import { sampleFactor } from '../../../shared/analysis/confidence.ts'
import { selfSufficiency, sumFlows } from '../../../shared/analysis/energy/flow.ts'
import { selfConsumption } from '../../../shared/analysis/energy/self-consumption.ts'
import { formatMetric } from '../../../shared/analysis/format.ts'
import type { MetricName } from '../../../shared/analysis/metric-names.ts'
import type { Finding } from '../../../shared/domain/finding.ts'
import type { Metric } from '../../../shared/domain/metric.ts'
import { confidenceIn, type EnergyContext, evidenceOf, hoursWanted, sourceCheck } from './context.ts'

/** What the sun gave, how much of it the home used itself, and how much of its use came without the grid. */
export function findSolar(context: EnergyContext): Finding | null {
  const { state, window, flows, covered, ids, data } = context
  const sums = sumFlows(flows)
  if (!data.main.solar || data.main.solar.points.length === 0 || !sums) return null
  const base = { window, coverage: covered, samples: flows.length, bucket: 'hour', entities: ids } as const
  const add = (name: MetricName, value: number, unit: string, method: string) =>
    state.metric({ ...base, name, value, unit, method })
  const solar = add('solar_energy', sums.solar, 'kWh', 'solar.change.v1')
  const bought = add('grid_import', sums.fromGrid, 'kWh', 'grid_import.change.v1')
  const sold = add('grid_export', sums.toGrid, 'kWh', 'grid_export.change.v1')
  const metrics: Metric[] = [solar, bought, sold]
  let statement = `The sun gave ${formatMetric(solar)}; ${formatMetric(bought)} came from the grid and ${formatMetric(sold)} went back`
  const own = selfConsumption(flows)
  if (own !== null) {
    const metric = add('self_consumption', own * 100, '%', 'self_consumption.hour.v1')
    metrics.push(metric)
    statement += `. The home used ${formatMetric(metric)} of the solar energy itself`
  }
  const free = selfSufficiency(flows)
  if (free !== null) {
    const metric = add('self_sufficiency', free * 100, '%', 'self_sufficiency.v1')
    metrics.push(metric)
    statement += `, and ${formatMetric(metric)} of its use did not come from the grid`
  }
  return state.finding({
    analyst: 'energy',
    kind: 'solar',
    title: 'Solar',
    statement: `${statement}.`,
    confidence: confidenceIn(
      context,
      covered,
      sampleFactor(flows.length, hoursWanted(context), 'hours'),
      sourceCheck(context),
    ),
    metricIds: metrics.map((metric) => metric.id),
    entities: ids,
    evidence: evidenceOf(metrics, context),
  })
}
