import { sampleFactor } from '../../../shared/analysis/confidence.ts'
import { compareWindows } from '../../../shared/analysis/energy/compare.ts'
import { consumptionPoints } from '../../../shared/analysis/energy/flow.ts'
import { formatMetric, formatValue } from '../../../shared/analysis/format.ts'
import type { Finding } from '../../../shared/domain/finding.ts'
import type { Metric } from '../../../shared/domain/metric.ts'
import { sayDuring } from '../../../shared/domain/time/say.ts'
import {
  confidenceIn,
  coveredBy,
  type EnergyContext,
  evidenceOf,
  flowsOf,
  hoursWanted,
  sourceCheck,
} from './context.ts'
import { costIn } from './cost.ts'

/**
 * The window held against another, over the same number of known hours. Cost is compared only where the windows are
 * equally long and whole: a bill has standing charges and bands, so it cannot be scaled.
 */
export function findComparison(context: EnergyContext): Finding | null {
  const { state, window, data, used, zone, ids, covered } = context
  if (!data.compare) return null
  const otherUsed = consumptionPoints(flowsOf(data.compare))
  const result = compareWindows(
    { points: used, span: context.span },
    { points: otherUsed, span: data.compare.span },
    zone,
  )
  if (!result) return null
  const otherCovered = coveredBy(otherUsed, data.compare.gridFrom, data.compare.span)
  const base = { unit: 'kWh', bucket: 'hour', entities: ids } as const
  const method = `comparison.${result.method}.v1`
  const here = { ...base, window, coverage: Math.min(covered, otherCovered), samples: used.length }
  const now = state.metric({ ...here, name: 'energy_total', value: result.value, method })
  const before = state.metric({
    ...base,
    name: 'energy_previous',
    value: result.other,
    window: data.compare.window,
    coverage: otherCovered,
    samples: otherUsed.length,
    method,
  })
  const change = state.metric({ ...here, name: 'energy_change_kwh', value: result.change, method })
  const metrics: Metric[] = [now, before, change]
  const verb = result.change < 0 ? 'less' : 'more'
  let statement = `The home used ${formatMetric(now)}, ${formatValue(Math.abs(result.change), 'kWh')} ${verb} than ${lower(sayDuring(data.compare.window))} (${result.method === 'scaled' ? 'scaled to ' : ''}${formatMetric(before)}`
  if (result.fraction !== null) {
    const share = state.metric({
      ...here,
      name: 'energy_change',
      value: result.fraction * 100,
      unit: '%',
      method,
    })
    metrics.push(share)
    statement += `, ${result.fraction < 0 ? '' : '+'}${formatMetric(share)}`
  }
  statement += ')'
  const money = result.method === 'equal' ? compareCost(context) : null
  if (money) {
    metrics.push(...money.metrics)
    statement += money.text
  }
  return state.finding({
    analyst: 'energy',
    kind: 'comparison',
    title: 'Compared',
    statement: `${statement}.${result.note ? ` ${result.note}` : ''}`,
    confidence: confidenceIn(
      context,
      Math.min(covered, otherCovered),
      sampleFactor(Math.min(used.length, otherUsed.length), hoursWanted(context), 'hours'),
      sourceCheck(context),
    ),
    metricIds: metrics.map((metric) => metric.id),
    entities: ids,
    evidence: evidenceOf(metrics, context),
  })
}

const lower = (text: string) => `${text.charAt(0).toLowerCase()}${text.slice(1)}`

function compareCost(context: EnergyContext): { metrics: Metric[]; text: string } | null {
  const { data, state, window } = context
  if (!data.tariff || !data.compare || data.tariff.dynamic) return null
  const now = costIn(data.main, data.tariff, context)
  const before = costIn(data.compare, data.tariff, context)
  if (!now || !before) return null
  const base = {
    unit: data.tariff.currency,
    bucket: 'hour',
    entities: data.sources.gridFrom,
    method: 'cost.tariff.hour.v1',
  } as const
  const previous = state.metric({
    ...base,
    name: 'cost_previous',
    value: before.total,
    window: data.compare.window,
    coverage: 1,
    samples: data.compare.gridFrom?.points.length ?? 0,
  })
  const change = state.metric({
    ...base,
    name: 'cost_change',
    value: now.total - before.total,
    window,
    coverage: 1,
    samples: data.main.gridFrom?.points.length ?? 0,
  })
  const verb = change.value < 0 ? 'less' : 'more'
  return {
    metrics: [previous, change],
    text: `. It cost ${formatValue(Math.abs(change.value), change.unit)} ${verb} than the ${formatMetric(previous)} then`,
  }
}
