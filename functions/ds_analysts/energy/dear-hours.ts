import { formatMetric, formatValue } from '../../../shared/analysis/format.ts'
import { sum } from '../../../shared/analysis/numeric.ts'
import { coverage } from '../../../shared/analysis/series/series.ts'
import { createBandFinder } from '../../../shared/analysis/tariff/bands.ts'
import { costOf } from '../../../shared/analysis/tariff/cost.ts'
import type { Metric } from '../../../shared/domain/metric.ts'
import type { TariffBand } from '../../../shared/domain/tariff.ts'
import type { DeviceMeter } from './collect.ts'
import type { EnergyContext } from './context.ts'
import { singleDevices } from './named-device.ts'

/** Less than this (major units of money) is not worth a word. */
const LEAST = 0.5
/** How much more of its energy a device takes at the dearest rate than one that runs on evenly: else there is nothing to shift. */
const CONCENTRATED = 1.5

/**
 * The device of these that used most at the tariff's dearest rate, and what the same energy would have cost less at the
 * cheapest: a plain difference of two rates. Empty without bands, and where all of them run on evenly.
 */
export function dearHours(
  context: EnergyContext,
  among: readonly DeviceMeter[],
): { readonly metrics: readonly Metric[]; readonly text: string } {
  const { tariff, prices } = context.data
  const bands = tariff && !tariff.dynamic && prices.length === 0 ? tariff.import : []
  const byRate = bands.toSorted((a, b) => a.rate - b.rate)
  const [cheapest, dear] = [byRate[0], byRate.at(-1)]
  if (!tariff || !cheapest || !dear) return NOTHING
  const rows = singleDevices(among).map((device) => {
    const { byBand } = costOf(device.series.points, [], tariff, context.zone)
    const kwh = byBand.find((band) => band.name === dear.name && band.rate === dear.rate)?.kwh ?? 0
    const all = sum(device.series.points.map((point) => point.value))
    return { device, kwh, less: kwh * (dear.rate - cheapest.rate), share: all > 0 ? kwh / all : 0 }
  })
  const least = CONCENTRATED * evenShare(context, dear)
  const top = rows.filter((row) => row.share >= least).toSorted((a, b) => b.kwh - a.kwh)[0]
  if (!top || top.less < LEAST) return NOTHING
  const base = {
    label: top.device.name,
    window: context.window,
    coverage: coverage(top.device.series.points, context.span),
    samples: top.device.series.points.length,
    bucket: 'hour',
    entities: [top.device.statistic],
    method: 'dear_hours.rates.v1',
  } as const
  const energy = context.state.metric({ ...base, name: 'device_dear_energy', value: top.kwh, unit: 'kWh' })
  const less = context.state.metric({
    ...base,
    name: 'device_dear_cost',
    value: top.less,
    unit: tariff.currency,
  })
  const rate = (value: number) => formatValue(value, tariff.currency)
  return {
    metrics: [energy, less],
    text: `${top.device.name} took ${formatMetric(energy)} at the dearest rate (${dear.name}, ${rate(dear.rate)} a kWh); at the cheapest (${cheapest.name}, ${rate(cheapest.rate)}) that would have cost ${formatMetric(less)} less.`,
  }
}

/** Share of the known hours in which this rate holds: what an even load takes at it. */
function evenShare({ used, data, zone }: EnergyContext, dear: TariffBand): number {
  const find = data.tariff ? createBandFinder(data.tariff, zone) : () => null
  const within = used.filter(({ start }) => find(start)?.rate === dear.rate)
  return used.length > 0 ? within.length / used.length : 0
}

const NOTHING = { metrics: [], text: '' }
