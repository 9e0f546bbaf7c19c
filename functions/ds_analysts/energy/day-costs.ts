import { formatMetric } from '../../../shared/analysis/format.ts'
import type { Metric } from '../../../shared/domain/metric.ts'
import { sayDay } from '../../../shared/domain/time/say.ts'
import { addDays, localParts, startOfLocalDay } from '../../../shared/domain/time/zone.ts'
import type { EnergyContext } from './context.ts'
import { costIn } from './cost.ts'

interface DayCost {
  readonly start: number
  readonly cost: number
}

/** The dearest and the cheapest whole local day of the window, for questions about days and money; else nothing. */
export function dayCosts(context: EnergyContext): {
  readonly metrics: readonly Metric[]
  readonly parts: readonly string[]
} {
  const { state, window, zone, covered, data } = context
  const { tariff } = data
  const asked = state.request.focus.includes('cost') && state.request.focus.includes('profile')
  const days = asked && tariff ? costByDay(context) : []
  const [cheapest, dearest] = [days[0], days.at(-1)]
  if (!tariff || !cheapest || !dearest || cheapest.start === dearest.start) return { metrics: [], parts: [] }
  const base = {
    window,
    unit: tariff.currency,
    coverage: covered,
    samples: days.length,
    bucket: 'day',
    entities: data.sources.gridFrom,
    method: 'cost.tariff.day.v1',
  } as const
  const high = state.metric({ ...base, name: 'dearest_day', value: dearest.cost, at: dearest.start })
  const low = state.metric({ ...base, name: 'cheapest_day', value: cheapest.cost, at: cheapest.start })
  return {
    metrics: [high, low],
    parts: [
      `The dearest day was ${sayDay(dearest.start, zone)} with ${formatMetric(high)}, the cheapest ${sayDay(cheapest.start, zone)} with ${formatMetric(low)}.`,
    ],
  }
}

/** Cost of each local day that lies whole in the window, standing charge and feed-in included, the cheapest first. */
function costByDay(context: EnergyContext): DayCost[] {
  const { span, zone, data } = context
  const { tariff, main } = data
  const days: DayCost[] = []
  if (!tariff) return days
  for (let date = localParts(span.start, zone).date; ; date = addDays(date, 1)) {
    const day = { start: startOfLocalDay(date, zone), end: startOfLocalDay(addDays(date, 1), zone) }
    if (day.end > span.end) break
    if (day.start < span.start) continue
    const within = <T extends { readonly points: readonly { readonly start: number }[] } | null>(
      meter: T,
    ): T =>
      meter && { ...meter, points: meter.points.filter(({ start }) => start >= day.start && start < day.end) }
    const meters = { ...main, span: day, gridFrom: within(main.gridFrom), gridTo: within(main.gridTo) }
    const cost = meters.gridFrom?.points.length ? costIn(meters, tariff, context) : null
    if (cost) days.push({ start: day.start, cost: cost.total })
  }
  return days.toSorted((a, b) => a.cost - b.cost)
}
