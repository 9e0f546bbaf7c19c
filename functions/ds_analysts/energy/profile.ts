import { sampleFactor } from '../../../shared/analysis/confidence.ts'
import {
  dailyTotals,
  dayAverages,
  highestDays,
  lowestDay,
} from '../../../shared/analysis/energy/load-shape.ts'
import { formatMetric } from '../../../shared/analysis/format.ts'
import { average, groupBy } from '../../../shared/analysis/numeric.ts'
import type { Point } from '../../../shared/analysis/series/series.ts'
import type { Finding } from '../../../shared/domain/finding.ts'
import type { Metric } from '../../../shared/domain/metric.ts'
import { sayDay } from '../../../shared/domain/time/say.ts'
import { localParts } from '../../../shared/domain/time/zone.ts'
import { confidenceIn, type EnergyContext, evidenceOf, sourceCheck } from './context.ts'
import { dayCosts } from './day-costs.ts'

/** How the days differ: the highest and the lowest, the hour that takes most, working days against weekends. */
export function findProfile(context: EnergyContext): Finding | null {
  const { state, window, used, zone, span, covered, ids } = context
  const days = dailyTotals(used, zone, span)
  const highest = highestDays(days, 1)[0]
  const lowest = lowestDay(days)
  const busiest = busiestHour(used, zone)
  if (!highest || !lowest || (highest.date === lowest.date && !busiest)) return null
  const base = {
    window,
    unit: 'kWh',
    coverage: covered,
    samples: days.length,
    bucket: 'day',
    entities: ids,
    method: 'days.local.v1',
  } as const
  const money = dayCosts(context)
  const metrics: Metric[] = [...money.metrics]
  const said = { days: [money.days], hours: [] as string[], kinds: [money.kinds] }
  if (highest.date !== lowest.date) {
    const high = state.metric({ ...base, name: 'highest_day', value: highest.kwh, at: highest.start })
    const low = state.metric({ ...base, name: 'lowest_day', value: lowest.kwh, at: lowest.start })
    metrics.push(high, low)
    said.days.push(
      `The highest day was ${sayDay(highest.start, zone)} with ${formatMetric(high)}, the lowest ${sayDay(lowest.start, zone)} with ${formatMetric(low)}.`,
    )
  }
  if (busiest) {
    const hour = state.metric({
      ...base,
      name: 'profile_peak_hour',
      value: busiest.kwh,
      samples: used.length,
      bucket: 'hour',
      method: 'profile.local_hour.v1',
      at: busiest.at,
    })
    metrics.push(hour)
    said.hours.push(
      `By the hour most is used from ${clock(busiest.hour)} to ${clock(busiest.hour + 1)}, ${formatMetric(hour)} on average.`,
    )
  }
  const averages = dayAverages(days)
  if (averages.working !== null && averages.weekend !== null) {
    const working = state.metric({ ...base, name: 'weekday_average', value: averages.working })
    const weekend = state.metric({ ...base, name: 'weekend_average', value: averages.weekend })
    metrics.push(working, weekend)
    said.kinds.push(
      `Working days took ${formatMetric(working)} on average, weekend days ${formatMetric(weekend)}.`,
    )
  }
  return state.finding({
    analyst: 'energy',
    kind: 'profile',
    title: 'Days',
    statement: inOrder(state.request.question)
      .flatMap((about) => said[about])
      .filter(Boolean)
      .join(' '),
    confidence: confidenceIn(context, covered, sampleFactor(days.length, 2, 'days'), sourceCheck(context)),
    metricIds: metrics.map((metric) => metric.id),
    entities: ids,
    evidence: evidenceOf(metrics, context),
  })
}

/** Days, hours of the day and kinds of day, what the question names first. */
function inOrder(question: string): readonly ('days' | 'hours' | 'kinds')[] {
  if (
    /\bweekends?\b.*\b(?:weekdays?|working days?|workdays?)\b|\b(?:weekdays|working days|workdays)\b/i.test(
      question,
    )
  )
    return ['kinds', 'days', 'hours']
  return /\b(?:hours?|hourly|times?)\b/i.test(question)
    ? ['hours', 'days', 'kinds']
    : ['days', 'hours', 'kinds']
}

/** The local hour of the day with the highest mean, and its first instance. Needs more than one day. */
function busiestHour(
  used: readonly Point[],
  zone: string,
): { readonly hour: number; readonly kwh: number; readonly at: number } | null {
  if (used.length <= 24) return null
  let busiest: { hour: number; kwh: number; at: number } | null = null
  for (const [hour, points] of groupBy(used, (point) => localParts(point.start, zone).hour)) {
    const kwh = average(points.map((point) => point.value)) ?? 0
    if (!busiest || kwh > busiest.kwh) busiest = { hour, kwh, at: points[0]?.start ?? 0 }
  }
  return busiest
}

const clock = (hour: number) => `${String(hour).padStart(2, '0')}:00`
