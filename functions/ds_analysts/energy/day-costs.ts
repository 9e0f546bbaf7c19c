import { DAY_COVERAGE } from '../../../shared/analysis/constants.ts'
import { dailyTotals } from '../../../shared/analysis/energy/load-shape.ts'
import { formatMetric } from '../../../shared/analysis/format.ts'
import { average, groupBy } from '../../../shared/analysis/numeric.ts'
import type { Point } from '../../../shared/analysis/series/series.ts'
import type { Metric } from '../../../shared/domain/metric.ts'
import type { Tariff } from '../../../shared/domain/tariff.ts'
import { sayDay } from '../../../shared/domain/time/say.ts'
import { localParts } from '../../../shared/domain/time/zone.ts'
import type { EnergyContext } from './context.ts'
import { costIn } from './cost.ts'

const FRIDAY = 5
const NOTHING = { metrics: [], days: '', kinds: '' }

interface DayCost {
  readonly start: number
  readonly cost: number
}

/**
 * The dearest and the cheapest whole local day of the window, and what each kind of day costs on average, one sentence
 * each, for questions about days and money; else nothing.
 */
export function dayCosts(context: EnergyContext): {
  readonly metrics: readonly Metric[]
  readonly days: string
  readonly kinds: string
} {
  const { state, window, zone, covered, data } = context
  const { tariff } = data
  const asked = state.request.focus.includes('cost') && state.request.focus.includes('profile')
  const days = asked && tariff ? costByDay(context, tariff) : []
  const [cheapest, dearest] = [days[0], days.at(-1)]
  if (!tariff || !cheapest || !dearest || cheapest.start === dearest.start) return NOTHING
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
  const metrics = [high, low]
  const averageOf = (isWeekend: boolean) =>
    average(
      days
        .filter(({ start }) => localParts(start, zone).weekday > FRIDAY === isWeekend)
        .map(({ cost }) => cost),
    )
  const [working, weekend] = [averageOf(false), averageOf(true)]
  let kinds = ''
  if (working !== null && weekend !== null) {
    const week = state.metric({ ...base, name: 'weekday_cost', value: working })
    const free = state.metric({ ...base, name: 'weekend_cost', value: weekend })
    metrics.push(week, free)
    kinds = `A working day cost ${formatMetric(week)} on average, a weekend day ${formatMetric(free)}.`
  }
  return {
    metrics,
    days: `The dearest day was ${sayDay(dearest.start, zone)} with ${formatMetric(high)}, the cheapest ${sayDay(cheapest.start, zone)} with ${formatMetric(low)}.`,
    kinds,
  }
}

/**
 * Cost of each local day that lies whole in the window and of which enough is known, standing charge and feed-in
 * included, the cheapest first.
 */
function costByDay(context: EnergyContext, tariff: Tariff): DayCost[] {
  const { span, zone } = context
  const { main } = context.data
  const dayOf = (point: Point) => localParts(point.start, zone).date
  const bought = groupBy(main.gridFrom?.points ?? [], dayOf)
  const sold = groupBy(main.gridTo?.points ?? [], dayOf)
  const known = dailyTotals(main.gridFrom?.points ?? [], zone, span).filter(
    (day) => day.start >= span.start && day.end <= span.end && day.coverage >= DAY_COVERAGE,
  )
  const days = known.flatMap(({ date, start, end }) => {
    const gridFrom = main.gridFrom && { ...main.gridFrom, points: bought.get(date) ?? [] }
    const gridTo = main.gridTo && { ...main.gridTo, points: sold.get(date) ?? [] }
    const cost = costIn({ ...main, span: { start, end }, gridFrom, gridTo }, tariff, context)
    return cost ? [{ start, cost: cost.total }] : []
  })
  return days.toSorted((a, b) => a.cost - b.cost)
}
