import { sampleFactor } from '../../../shared/analysis/confidence.ts'
import {
  dailyTotals,
  dayAverages,
  highestDays,
  lowestDay,
} from '../../../shared/analysis/energy/load-shape.ts'
import { formatMetric } from '../../../shared/analysis/format.ts'
import type { Finding } from '../../../shared/domain/finding.ts'
import type { Metric } from '../../../shared/domain/metric.ts'
import { sayDay } from '../../../shared/domain/time/say.ts'
import { confidenceIn, type EnergyContext, evidenceOf } from './context.ts'

/** How the days differ: the highest and the lowest, working days against weekends. */
export function findProfile(context: EnergyContext): Finding | null {
  const { state, window, used, zone, span, covered, ids } = context
  const days = dailyTotals(used, zone, span)
  const highest = highestDays(days, 1)[0]
  const lowest = lowestDay(days)
  if (!highest || !lowest || highest.date === lowest.date) return null
  const base = {
    window,
    unit: 'kWh',
    coverage: covered,
    samples: days.length,
    bucket: 'day',
    entities: ids,
    method: 'days.local.v1',
  } as const
  const high = state.metric({ ...base, name: 'highest_day', value: highest.kwh, at: highest.start })
  const low = state.metric({ ...base, name: 'lowest_day', value: lowest.kwh, at: lowest.start })
  const metrics: Metric[] = [high, low]
  let statement = `The highest day was ${sayDay(highest.start, zone)} with ${formatMetric(high)}, the lowest ${sayDay(lowest.start, zone)} with ${formatMetric(low)}`
  const averages = dayAverages(days)
  if (averages.working !== null && averages.weekend !== null) {
    const working = state.metric({ ...base, name: 'weekday_average', value: averages.working })
    const weekend = state.metric({ ...base, name: 'weekend_average', value: averages.weekend })
    metrics.push(working, weekend)
    statement += `; working days took ${formatMetric(working)} on average, weekends ${formatMetric(weekend)}`
  }
  return state.finding({
    analyst: 'energy',
    kind: 'profile',
    title: 'Days',
    statement: `${statement}.`,
    confidence: confidenceIn(context, covered, sampleFactor(days.length, 2, 'days')),
    metricIds: metrics.map((metric) => metric.id),
    entities: ids,
    evidence: evidenceOf(metrics, context),
  })
}
