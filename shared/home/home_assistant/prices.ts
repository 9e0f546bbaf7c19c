import type { StatisticMeta, StatisticRow } from '../../domain/home-data.ts'
import type { Tariff } from '../../domain/tariff.ts'
import type { HomeAssistantPreferences, MeterPrice } from './preferences.ts'

/**
 * Statistics that Home Assistant does not have and that are made here: the mean price of a bought and of a sold kWh, over
 * all meters. With them the cost of several meters with prices of their own is energy times price, as for one meter.
 */
export const PRICE_IDS = { import: 'aether_price:import', export: 'aether_price:export' } as const

/** The tariff that the energy settings amount to; null where no import has a price. */
export function toTariff(settings: HomeAssistantPreferences, currency: string): Tariff | null {
  const { buying, selling } = settings
  if (!buying.some(hasPrice)) return null
  const flat = flatPrice(buying)
  const sold = selling.some(hasPrice) ? flatPrice(selling) : null
  return {
    currency,
    standingPerDay: 0,
    import:
      flat === null
        ? []
        : [{ name: 'flat', rate: flat, days: 'all', from: '00:00', to: '24:00', months: null }],
    holidays: [],
    exportRate: sold,
    dynamic: flat === null ? PRICE_IDS.import : null,
    dynamicExport: sold === null && selling.some(hasPrice) ? PRICE_IDS.export : null,
  }
}

/** The made statistics that a tariff refers to. */
export function priceMetas(tariff: Tariff | null): readonly StatisticMeta[] {
  const named = (id: string, name: string): StatisticMeta => ({
    id,
    name,
    unit: `${tariff?.currency ?? ''}/kWh`,
    hasMean: true,
    hasSum: false,
  })
  return [
    ...(tariff?.dynamic === PRICE_IDS.import ? [named(PRICE_IDS.import, 'Price of bought energy')] : []),
    ...(tariff?.dynamicExport === PRICE_IDS.export ? [named(PRICE_IDS.export, 'Price of sold energy')] : []),
  ]
}

/** Prices a kWh by bucket start, for one entity. */
export type PriceRows = ReadonlyMap<number, number>

/**
 * The mean price of each bucket over all meters: money divided by energy, in major units a kWh. A bucket in which a meter
 * counted energy that has no price is left out, for a price of the rest would be wrong.
 */
export function blendPrices(
  meters: readonly MeterPrice[],
  rows: ReadonlyMap<string, readonly StatisticRow[]>,
  entityPrices: ReadonlyMap<string, PriceRows>,
): readonly StatisticRow[] {
  const buckets = new Map<
    number,
    { end: number; energy: number; money: number; known: boolean; idle: number[] }
  >()
  for (const meter of meters) {
    const costs = new Map((rows.get(meter.cost ?? '') ?? []).map((row) => [row.start, row.change ?? 0]))
    const prices = entityPrices.get(meter.entity ?? '')
    for (const { start, end, change = 0 } of rows.get(meter.meter) ?? []) {
      const bucket = buckets.get(start) ?? { end, energy: 0, money: 0, known: true, idle: [] }
      buckets.set(start, bucket)
      const price = meter.number ?? prices?.get(start) ?? null
      const money = price === null ? costs.get(start) : price * change
      if (price !== null) bucket.idle.push(price)
      bucket.energy += change
      if (money !== undefined) bucket.money += money
      else if (change !== 0) bucket.known = false
    }
  }
  return [...buckets]
    .sort(([a], [b]) => a - b)
    .flatMap(([start, { end, energy, money, known, idle }]) => {
      const mean = energy !== 0 ? money / energy : idle.length > 0 ? meanOf(idle) : null
      return known && mean !== null ? [{ start, end, mean, min: mean, max: mean }] : []
    })
}

/** Unit of a price entity (`EUR/MWh`, `ct/kWh`) → what its state must be multiplied by to be major units a kWh. */
export function priceFactor(unit: string | null): number {
  const [money = '', energy = ''] = (unit ?? '').split('/').map((part) => part.trim())
  const perKwh: Readonly<Record<string, number>> = { Wh: 1000, MWh: 1e-3, GWh: 1e-6, MJ: 3.6, GJ: 3.6e-3 }
  const minor = /^(ct|cts?|cents?|¢|c|p|pence|øre|öre|ore)$/i.test(money)
  return (Object.hasOwn(perKwh, energy) ? perKwh[energy]! : 1) * (minor ? 0.01 : 1)
}

function hasPrice(meter: MeterPrice): boolean {
  return meter.number !== null || meter.entity !== null || meter.cost !== null
}

/** The one fixed price of all meters, or null. */
function flatPrice(meters: readonly MeterPrice[]): number | null {
  const first = meters[0]?.number ?? null
  return first !== null && meters.every((meter) => meter.number === first) ? first : null
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
