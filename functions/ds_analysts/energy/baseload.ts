import { agreementFactor, sampleFactor } from '../../../shared/analysis/confidence.ts'
import { BASELOAD_NIGHTS } from '../../../shared/analysis/constants.ts'
import { baseloadMode, baseloadP5, nightMedian, yearlyKwh } from '../../../shared/analysis/energy/baseload.ts'
import { formatMetric, formatValue } from '../../../shared/analysis/format.ts'
import type { Finding } from '../../../shared/domain/finding.ts'
import { confidenceIn, type EnergyContext, evidenceOf } from './context.ts'
import { minimaOf, powerWithExtraDays } from './power.ts'

/** What runs all the time, by two estimators that must agree, and what it adds up to in a year. */
export function findBaseload(context: EnergyContext): Finding | null {
  const { state, ids, zone } = context
  const power = powerWithExtraDays(context)
  const p5 = baseloadP5(power.points, zone)
  const mode = baseloadMode(minimaOf(power), zone)
  const night = nightMedian(power.points, zone)
  if (!p5) return null
  const base = {
    unit: 'W',
    window: power.window,
    coverage: power.covered,
    bucket: power.bucket,
    entities: ids,
  } as const
  const first = state.metric({
    ...base,
    name: 'baseload_p5',
    value: p5.watts,
    method: p5.method,
    samples: p5.samples,
  })
  const metrics = [first]
  let statement = `About ${formatMetric(first)} run all the time (5th percentile of the mean power)`
  if (mode) {
    const second = state.metric({
      ...base,
      name: 'baseload_mode',
      value: mode.watts,
      method: mode.method,
      samples: mode.samples,
    })
    metrics.push(second)
    statement += `, ${formatMetric(second)} by the most frequent minimum of the hours`
  }
  if (night) {
    const median = state.metric({
      ...base,
      name: 'night_power_median',
      value: night.watts,
      method: night.method,
      samples: night.samples,
    })
    metrics.push(median)
    statement += `; the median from 01:00 to 05:00 is ${formatMetric(median)}`
  }
  const yearly = state.metric({
    ...base,
    name: 'baseload_yearly',
    value: yearlyKwh(p5.watts),
    unit: 'kWh',
    method: 'baseload_yearly.p5.v1',
    samples: p5.samples,
  })
  metrics.push(yearly)
  const wider =
    power.window.start < context.window.start
      ? ` ${state.request.strategy.extraDays} more days before the window were read for it.`
      : ''
  return state.finding({
    analyst: 'energy',
    kind: 'baseload',
    title: 'Baseload',
    statement: `${statement}. Over a year that is ${formatValue(yearly.value, 'kWh')}.${wider}`,
    confidence: confidenceIn(
      context,
      power.covered,
      sampleFactor(p5.nights, BASELOAD_NIGHTS, 'nights'),
      agreementFactor(p5.watts, mode?.watts ?? null, 0.1, 'the most frequent minimum of the hours'),
    ),
    metricIds: metrics.map((metric) => metric.id),
    entities: ids,
    evidence: evidenceOf(metrics, context, 'baseload_w'),
  })
}
