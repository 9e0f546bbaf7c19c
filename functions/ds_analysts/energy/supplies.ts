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
  const found = [...groups(known).values()].map((meters) => {
    const { type, unit } = meters[0]
    const base = {
      window,
      coverage: Math.min(...meters.map((meter) => coverage(meter.points, span))),
      samples: meters[0].points.length,
      bucket: 'hour',
      entities: meters.map((meter) => meter.statistic),
    } as const
    const total = state.metric({
      ...base,
      name: `${type}_total`,
      value: sum(meters.flatMap((meter) => meter.points.map((point) => point.value))),
      unit,
      method: `${type}.change.v1`,
    })
    const money = moneyOf(meters)
    const cost =
      money && state.metric({ ...base, name: `${type}_cost`, ...money, method: `${type}_cost.recorded.v1` })
    const said = `${WORDS[type]}: ${formatMetric(total)}${cost ? ` for ${formatMetric(cost)}` : ''}`
    return { said, metrics: cost ? [total, cost] : [total] }
  })
  const said = found.map((each) => each.said)
  const metrics = found.flatMap((each) => each.metrics)
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

/** What the home recorded as their cost, where it did so for each of them and all hours that they counted, in one currency. */
function moneyOf(meters: readonly SupplyMeter[]): { readonly value: number; readonly unit: string } | null {
  const unit = meters[0]?.currency ?? ''
  const whole = meters.every(({ points, costs, currency }) => {
    const paid = new Set(costs.map((point) => point.start))
    return currency === unit && points.every((point) => point.value === 0 || paid.has(point.start))
  })
  if (!whole || unit === '') return null
  return { value: sum(meters.flatMap((meter) => meter.costs.map((point) => point.value))), unit }
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
