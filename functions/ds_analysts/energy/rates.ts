import { formatValue } from '../../../shared/analysis/format.ts'
import type { Metric } from '../../../shared/domain/metric.ts'
import type { TariffBand } from '../../../shared/domain/tariff.ts'
import type { EnergyContext } from './context.ts'

const ASKS =
  /\b(?:when|which (?:hours?|times?)|what times?)\b.*\b(?:cheap|dear|expensive)|\b(?:tariffs?|rates?|price of (?:electricity|power|a kwh))\b/i
const DAYS = { all: '', working: ' on working days', weekend: ' on weekends' } as const

/** When a kWh costs least and most by the tariff's bands, for questions about that; else nothing. */
export function sayRates({ state, data, window }: EnergyContext): {
  readonly metrics: readonly Metric[]
  readonly text: string
} {
  const { tariff } = data
  const bands = tariff?.import ?? []
  const byRate = bands.toSorted((a, b) => a.rate - b.rate)
  const [cheapest, dearest] = [byRate[0], byRate.at(-1)]
  if (!tariff || tariff.dynamic || !cheapest || !dearest || !ASKS.test(state.request.question))
    return { metrics: [], text: '' }
  const metrics = (cheapest.rate === dearest.rate ? [cheapest] : [cheapest, dearest]).map((band) =>
    state.metric({
      name: 'band_rate',
      label: band.name,
      value: band.rate,
      unit: `${tariff.currency}/kWh`,
      window,
      coverage: 1,
      samples: 1,
      bucket: null,
      method: 'band_rate.tariff.v1',
      entities: [],
    }),
  )
  const say = (band: TariffBand) => {
    const times = bands.filter((each) => each.rate === band.rate && each.name === band.name).map(timeOf)
    return `${band.name} with ${formatValue(band.rate, tariff.currency)} a kWh (${times.join(' and ')})`
  }
  const text =
    metrics.length === 1
      ? `A kWh costs ${formatValue(cheapest.rate, tariff.currency)} at all times.`
      : `The cheapest rate is ${say(cheapest)}, the dearest ${say(dearest)}.`
  return { metrics, text }
}

/** When a band holds; the first that matches wins, so one of the whole day is what the others leave. */
function timeOf({ from, to, days }: TariffBand): string {
  return from === '00:00' && to === '24:00' ? `at other times${DAYS[days]}` : `${from} to ${to}${DAYS[days]}`
}
