import {
  agreementFactor,
  confidenceOf,
  coverageFactor,
  sampleFactor,
} from '../../../shared/analysis/confidence.ts'
import {
  BASELOAD_NIGHTS,
  HOUR_MS,
  NIGHT_FROM_HOUR,
  NIGHT_TO_HOUR,
} from '../../../shared/analysis/constants.ts'
import { baseloadMode, baseloadP5, nightMedian, yearlyKwh } from '../../../shared/analysis/energy/baseload.ts'
import { countNights } from '../../../shared/analysis/energy/local-hours.ts'
import { formatMetric } from '../../../shared/analysis/format.ts'
import { sum } from '../../../shared/analysis/numeric.ts'
import { costOf } from '../../../shared/analysis/tariff/cost.ts'
import type { Factor, Finding } from '../../../shared/domain/finding.ts'
import { confidenceIn, type EnergyContext, evidenceOf } from './context.ts'
import { minimaOf, type Power, powerWithExtraDays } from './power.ts'

/**
 * Both estimators rest on the same hourly means, so that neither confirms the other. What is left (a choice)
 * lets a good window pass the threshold: no further try can find finer data.
 */
const COARSE: Factor = {
  name: 'agreement',
  value: 0.8,
  reason: 'only hourly means are known for these days, which hide the lowest minutes',
}

/** What runs all the time, by two estimators that must agree, and what it adds up to in a year. */
export function findBaseload(context: EnergyContext): Finding | null {
  const { state, ids, zone } = context
  const power = powerWithExtraDays(context)
  const p5 = baseloadP5(power.points, zone)
  const mode = baseloadMode(minimaOf(power), zone)
  const night = nightMedian(power.points, zone)
  if (!p5) return tooFewNights(context, power)
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
  const isCoarse = power.bucket === 'hour'
  let statement = isCoarse
    ? `At most about ${formatMetric(first)} run all the time (5th percentile of the hourly means)`
    : `About ${formatMetric(first)} run all the time (5th percentile of the power)`
  if (mode) {
    const second = state.metric({
      ...base,
      name: 'baseload_mode',
      value: mode.watts,
      method: mode.method,
      samples: mode.samples,
    })
    metrics.push(second)
    // Of whole hours the most frequent mean is what people use, not what always runs.
    if (!isCoarse) statement += `; the most frequent minimum of the hours is ${formatMetric(second)}`
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
    statement += `, and the median from 01:00 to 05:00 ${formatMetric(median)}`
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
  statement += `. Over a year that is ${formatMetric(yearly)}`
  const used = sum(power.points.map((p) => (p.value * (p.end - p.start)) / (HOUR_MS * 1000)))
  const hours = sum(power.points.map((p) => (p.end - p.start) / HOUR_MS))
  if (used > 0) {
    const share = state.metric({
      ...base,
      name: 'baseload_share',
      value: ((p5.watts * hours) / (1000 * used)) * 100,
      unit: '%',
      method: 'baseload_share.p5.v1',
      samples: p5.samples,
    })
    metrics.push(share)
    statement += `, ${formatMetric(share)} of all that is used`
  }
  const price = constantLoadPrice(context)
  if (price) {
    const cost = state.metric({
      ...base,
      name: 'baseload_yearly_cost',
      value: yearly.value * price.perKwh,
      unit: price.currency,
      method: 'baseload_yearly_cost.mean_price.v1',
      samples: context.used.length,
    })
    metrics.push(cost)
    statement += `, or ${formatMetric(cost)} bought from the grid at the mean price of these days`
  }
  const coarse = isCoarse
    ? ' That is an upper bound: only hourly means are known for these days, which hide the lowest minutes.'
    : ''
  const wider =
    Date.parse(power.window.start) < Date.parse(context.window.start)
      ? ` ${state.request.strategy.extraDays} more days before the window were read for it.`
      : ''
  return state.finding({
    analyst: 'energy',
    kind: 'baseload',
    title: 'Baseload',
    statement: `${statement}.${coarse}${wider}`,
    confidence: confidenceIn(
      context,
      power.covered,
      sampleFactor(p5.nights, BASELOAD_NIGHTS, 'nights'),
      isCoarse
        ? COARSE
        : agreementFactor(p5.watts, mode?.watts ?? null, 0.1, 'the most frequent minimum of the hours'),
    ),
    metricIds: metrics.map((metric) => metric.id),
    entities: ids,
    evidence: evidenceOf(metrics, context, 'baseload_w'),
  })
}

/** A baseload that was asked for and has too few nights: no figure, but a finding, so that a further try can help. */
function tooFewNights(context: EnergyContext, power: Power): Finding | null {
  if (!context.state.request.focus.includes('baseload')) return null
  const nights = countNights(power.points, context.zone, NIGHT_FROM_HOUR, NIGHT_TO_HOUR)
  return context.state.finding({
    analyst: 'energy',
    kind: 'baseload',
    title: 'Baseload',
    statement: `The baseload cannot be told: it takes ${BASELOAD_NIGHTS} nights with data, and there ${nights === 1 ? 'is' : 'are'} ${nights}.`,
    confidence: confidenceOf([
      coverageFactor(power.covered),
      sampleFactor(nights, BASELOAD_NIGHTS, nights === 1 ? 'night' : 'nights'),
    ]),
    metricIds: [],
    entities: context.ids,
    evidence: [],
  })
}

/** What a kWh of a load that never changes costs on average over the window's hours; null without a tariff. */
function constantLoadPrice({
  data,
  used,
  zone,
}: EnergyContext): { readonly perKwh: number; readonly currency: string } | null {
  const { tariff, prices } = data
  if (!tariff) return null
  const steady = used.map(({ start, end }) => ({ start, end, value: 1 }))
  const { byBand } = costOf(steady, [], tariff, zone, prices.length > 0 ? { prices } : {})
  const kwh = sum(byBand.map((band) => band.kwh))
  return kwh > 0 ? { perKwh: sum(byBand.map((band) => band.cost)) / kwh, currency: tariff.currency } : null
}
