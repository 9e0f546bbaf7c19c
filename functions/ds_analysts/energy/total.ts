import { sampleFactor, scriptFactor } from '../../../shared/analysis/confidence.ts'
import { DAY_COVERAGE } from '../../../shared/analysis/constants.ts'
import { consumption } from '../../../shared/analysis/energy/flow.ts'
import { dailyTotals, dayAverages } from '../../../shared/analysis/energy/load-shape.ts'
import { extremeBuckets } from '../../../shared/analysis/energy/peaks.ts'
import { formatMetric } from '../../../shared/analysis/format.ts'
import type { Finding } from '../../../shared/domain/finding.ts'
import type { Metric } from '../../../shared/domain/metric.ts'
import { sayDuring, sayInstant } from '../../../shared/domain/time/say.ts'
import { confidenceIn, type EnergyContext, evidenceOf, hoursWanted, totalCheck } from './context.ts'

/** What the home used in the window, a day on average, and its highest and lowest hour. */
export function findTotal(context: EnergyContext): Finding | null {
  const { state, window, flows, used, covered, ids, zone, span } = context
  const kwh = consumption(flows)
  if (kwh === null) return null
  const base = { window, coverage: covered, samples: used.length, bucket: 'hour', entities: ids } as const
  const total = state.metric({
    ...base,
    name: 'energy_total',
    value: kwh,
    unit: 'kWh',
    method: 'consumption.hour.v1',
  })
  const metrics: Metric[] = [total]
  let statement = `${sayDuring(window)} the home used ${formatMetric(total)}`
  const days = dailyTotals(used, zone, span)
  const daily = dayAverages(days).daily
  const full = days.filter((day) => day.coverage >= DAY_COVERAGE).length
  if (daily !== null && full > 1) {
    const average = state.metric({
      ...base,
      name: 'daily_average',
      value: daily,
      unit: 'kWh',
      method: 'daily_average.full_days.v1',
      samples: full,
    })
    metrics.push(average)
    statement += `, ${formatMetric(average)} ${full < days.length ? 'a full day' : 'a day'} on average`
  }
  const { highest, lowest } = extremeBuckets(used)
  if (highest && lowest && used.length > 1) {
    const high = state.metric({
      ...base,
      name: 'peak_hour_energy',
      value: highest.value,
      unit: 'kWh',
      method: 'highest_bucket.hour.v1',
      at: highest.start,
    })
    const low = state.metric({
      ...base,
      name: 'lowest_hour_energy',
      value: lowest.value,
      unit: 'kWh',
      method: 'lowest_bucket.hour.v1',
      at: lowest.start,
    })
    metrics.push(high, low)
    statement += `. Its highest hour was ${formatMetric(high)} (from ${sayInstant(highest.start, zone)}), its lowest ${formatMetric(low)}`
  }
  return state.finding({
    analyst: 'energy',
    kind: 'total',
    title: 'Energy used',
    statement: `${statement}.`,
    confidence: confidenceIn(
      context,
      covered,
      sampleFactor(used.length, hoursWanted(context), 'hours'),
      totalCheck(context),
      scriptFactor(context.check?.run.exitClass ?? null),
    ),
    metricIds: metrics.map((metric) => metric.id),
    entities: ids,
    evidence: evidenceOf(metrics, context, 'total_kwh'),
  })
}
