import {
  confidenceOf,
  coverageFactor,
  recordsFactor,
  sampleFactor,
} from '../../../shared/analysis/confidence.ts'
import { formatMetric } from '../../../shared/analysis/format.ts'
import { sum } from '../../../shared/analysis/numeric.ts'
import { coverage } from '../../../shared/analysis/series/series.ts'
import type { Finding } from '../../../shared/domain/finding.ts'
import type { SupplyMeter } from './collect.ts'
import { type EnergyContext, hoursWanted } from './context.ts'

const WORDS = { gas: 'Gas', water: 'Water' } as const

/** What was used of gas and water, each by its own meters; these are no part of the home's electricity. */
export function findSupplies(context: EnergyContext): Finding | null {
  const { state, window, span, data } = context
  const known = data.supplies.filter((meter) => meter.points.length > 0)
  if (known.length === 0) return null
  const metrics = [...groups(known)].map(([, meters]) => {
    const { type, unit } = meters[0]
    return state.metric({
      name: `${type}_total`,
      value: sum(meters.flatMap((meter) => meter.points.map((point) => point.value))),
      unit,
      window,
      coverage: Math.min(...meters.map((meter) => coverage(meter.points, span))),
      samples: meters[0].points.length,
      bucket: 'hour',
      method: `${type}.change.v1`,
      entities: meters.map((meter) => meter.statistic),
    })
  })
  const said = metrics.map(
    (metric) => `${WORDS[metric.name === 'gas_total' ? 'gas' : 'water']}: ${formatMetric(metric)}`,
  )
  return state.finding({
    analyst: 'energy',
    kind: 'supplies',
    title: 'Gas and water',
    statement: `${said.join('. ')}.`,
    confidence: confidenceOf([
      coverageFactor(Math.min(...metrics.map((metric) => metric.coverage))),
      sampleFactor(known[0]?.points.length ?? 0, hoursWanted(context), 'hours'),
      recordsFactor(),
    ]),
    metricIds: metrics.map((metric) => metric.id),
    entities: known.map((meter) => meter.statistic),
    evidence: metrics.map((metric) => ({ kind: 'metric', metricId: metric.id })),
  })
}

/** Meters that can be added: of one kind and unit. */
function groups(meters: readonly SupplyMeter[]): Map<string, [SupplyMeter, ...SupplyMeter[]]> {
  const found = new Map<string, [SupplyMeter, ...SupplyMeter[]]>()
  for (const meter of meters) {
    const key = `${meter.type} ${meter.unit}`
    const group = found.get(key)
    if (group) group.push(meter)
    else found.set(key, [meter])
  }
  return found
}
