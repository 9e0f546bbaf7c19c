import { sampleFactor } from '../../../shared/analysis/confidence.ts'
import { formatMetric } from '../../../shared/analysis/format.ts'
import type { MetricName } from '../../../shared/analysis/metric-names.ts'
import { coverage } from '../../../shared/analysis/series/series.ts'
import { type Cost, costOf } from '../../../shared/analysis/tariff/cost.ts'
import type { Finding } from '../../../shared/domain/finding.ts'
import type { Metric } from '../../../shared/domain/metric.ts'
import type { Tariff } from '../../../shared/domain/tariff.ts'
import type { Meters } from './collect.ts'
import { confidenceIn, type EnergyContext, evidenceOf, hoursWanted, sourceCheck } from './context.ts'
import { sayRates } from './rates.ts'
import { recordedCost } from './recorded-cost.ts'

/** A cost of which at least a part could be priced. */
export type KnownCost = Cost & { readonly total: number }

/** Cost of what the meters took from the grid and gave back, by the tariff's hours; null where nothing has a price. */
export function costIn(meters: Meters, tariff: Tariff, context: EnergyContext): KnownCost | null {
  const { prices, exportPrices } = context.data
  const cost = costOf(meters.gridFrom?.points ?? [], meters.gridTo?.points ?? [], tariff, context.zone, {
    span: meters.span,
    ...(prices.length > 0 ? { prices } : {}),
    ...(exportPrices.length > 0 ? { exportPrices } : {}),
  })
  return cost.total === null ? null : { ...cost, total: cost.total }
}

/** What the window cost: energy by band, standing charge, and what exported energy brought in. */
export function findCost(context: EnergyContext): Finding | null {
  const { state, window, data } = context
  const { tariff } = data
  if (!tariff) return null
  const cost = costIn(data.main, tariff, context)
  if (!cost) return null
  const bought = data.main.gridFrom?.points ?? []
  const covered = coverage(bought, context.span)
  const base = {
    window,
    coverage: covered,
    samples: bought.length,
    bucket: 'hour',
    entities: data.sources.gridFrom,
  } as const
  const total = state.metric({
    ...base,
    name: 'energy_cost',
    value: cost.total,
    unit: tariff.currency,
    method: 'cost.tariff.hour.v1',
  })
  const rates = sayRates(context)
  const metrics: Metric[] = [total, ...rates.metrics]
  const parts: string[] = []
  for (const band of cost.byBand) {
    const energy = state.metric({
      ...base,
      name: 'band_energy',
      label: band.name,
      value: band.kwh,
      unit: 'kWh',
      method: 'band_energy.hour.v1',
    })
    const money = state.metric({
      ...base,
      name: 'cost_band',
      label: band.name,
      value: band.cost,
      unit: tariff.currency,
      method: 'cost_band.hour.v1',
    })
    metrics.push(energy, money)
    parts.push(`${band.name} ${formatMetric(energy)} for ${formatMetric(money)}`)
  }
  if (cost.standing !== 0) {
    const standing = state.metric({
      ...base,
      name: 'standing_cost',
      value: cost.standing,
      unit: tariff.currency,
      method: 'standing.days.v1',
      samples: Math.ceil(cost.days),
    })
    metrics.push(standing)
    parts.push(`standing charge ${formatMetric(standing)}`)
  }
  if (cost.export !== 0) {
    const credit = state.metric({
      ...base,
      name: 'export_credit',
      value: cost.export,
      unit: tariff.currency,
      method: 'export_credit.hour.v1',
      entities: data.sources.gridTo,
    })
    metrics.push(credit)
    parts.push(`less ${formatMetric(credit)} for exported energy`)
  }
  const opinion = findOpinion(context, tariff, (name, value) =>
    state.metric({ ...base, name, value, unit: tariff.currency, method: `${name}.hour.v1` }),
  )
  metrics.push(...opinion.metrics)
  const unpriced = cost.unpricedKwh > 0.005 ? ' Some hours have no price, so the true cost is higher.' : ''
  return state.finding({
    analyst: 'energy',
    kind: 'cost',
    title: 'Cost',
    statement: `${rates.text ? `${rates.text} ` : ''}Electricity cost ${formatMetric(total)} (${parts.join(', ')}).${unpriced}${opinion.said}`,
    confidence: confidenceIn(
      context,
      covered,
      sampleFactor(bought.length, hoursWanted(context), 'hours'),
      sourceCheck(context),
    ),
    metricIds: metrics.map((metric) => metric.id),
    entities: data.sources.gridFrom,
    evidence: evidenceOf(metrics, context),
  })
}

/** Share by which the home's own records may differ and still agree. */
const AGREES = 0.01

/** What the home's own cost statistics say to it: they hold the prices of their time, a tariff those of today. */
function findOpinion(
  context: EnergyContext,
  tariff: Tariff,
  metric: (name: MetricName, value: number) => Metric,
): { readonly said: string; readonly metrics: readonly Metric[] } {
  const second = recordedCost(context, tariff)
  if (second === null) return { said: '', metrics: [] }
  const recorded = metric('recorded_cost', second.recorded)
  const reckoned = metric('bought_cost', second.reckoned)
  const size = Math.max(Math.abs(second.recorded), Math.abs(second.reckoned))
  const agrees = Math.abs(second.recorded - second.reckoned) <= AGREES * size
  return {
    said: agrees
      ? ` The home's own cost records agree: ${formatMetric(recorded)} for the bought energy.`
      : ` The home's own cost records say ${formatMetric(recorded)} for the bought energy, this tariff makes it ${formatMetric(reckoned)}: one of their prices is not right for this time.`,
    metrics: [recorded, reckoned],
  }
}
