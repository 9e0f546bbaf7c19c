import type { Span } from '../../domain/home-data.ts'
import type { Tariff } from '../../domain/tariff.ts'
import { addDays, localParts, startOfLocalDay } from '../../domain/time/zone.ts'
import { HOUR_MS } from '../constants.ts'
import { sum } from '../numeric.ts'
import type { Point } from '../series/series.ts'
import { createBandFinder } from './bands.ts'

/** Money in major units of the tariff's currency, at full precision; energy in kWh. */
export interface Cost {
  /** Import by band + standing − export; null where no import could be priced at all. */
  readonly total: number | null
  readonly byBand: readonly BandCost[]
  readonly standing: number
  /** What the export earned. */
  readonly export: number
  readonly exportKwh: number
  /** Local days that the standing charge counts; a day of 23 or 25 hours is one, a part of a day counts as part. */
  readonly days: number
  readonly kwh: number
  /** Import without a price: no band or price holds then, or the bucket is too long for one. */
  readonly unpricedKwh: number
}

export interface BandCost {
  readonly name: string
  /** Major units a kWh; null where it is not one price for the whole band. */
  readonly rate: number | null
  readonly kwh: number
  readonly cost: number
}

export interface CostOptions {
  /** Price of the hour, major units a kWh: wins over the bands. */
  readonly prices?: readonly Point[]
  readonly exportPrices?: readonly Point[]
  /** The billed time; else from the first to the last point. */
  readonly span?: Span
}

/**
 * What import and export (kWh points of an hour or less) cost under a tariff: Σ import · rate − Σ export · feed-in +
 * standing · days. A point belongs to the band of its local start, so both hours of a clock change have their rate.
 */
export function costOf(
  importPoints: readonly Point[],
  exportPoints: readonly Point[],
  tariff: Tariff,
  zone: string,
  options: CostOptions = {},
): Cost {
  const priced = new Map<string, { rate: number | null; kwh: number[]; costs: number[] }>()
  const unpriced: number[] = []
  const find = createBandFinder(tariff, zone)
  const priceAt = options.prices ? createPriceFinder(options.prices) : null
  const oneRate = new Set(tariff.import.map((band) => band.rate)).size === 1 && !priceAt
  for (const point of importPoints) {
    const short = point.end - point.start <= HOUR_MS || oneRate
    const band = short ? at(point.start) : null
    if (!band) {
      unpriced.push(point.value)
      continue
    }
    const entry = priced.get(band.name) ?? { rate: band.rate, kwh: [], costs: [] }
    priced.set(band.name, entry)
    if (entry.rate !== band.rate) entry.rate = null
    entry.kwh.push(point.value)
    entry.costs.push(point.value * band.rate)
  }

  function at(instant: number): { name: string; rate: number } | null {
    if (!priceAt) return find(instant)
    const rate = priceAt(instant)
    return rate === null ? null : { name: 'dynamic', rate }
  }

  const byBand = [...priced].map(([name, { rate, kwh, costs }]) => {
    const energy = sum(kwh)
    return { name, rate, kwh: energy, cost: rate === null ? sum(costs) : energy * rate }
  })
  const days = billedDays(options.span ?? spanOf([...importPoints, ...exportPoints]), zone)
  const standing = days * tariff.standingPerDay
  const exported = exportOf(exportPoints, tariff, options.exportPrices)
  return {
    total: byBand.length === 0 ? null : sum(byBand.map((band) => band.cost)) + standing - exported.earned,
    byBand,
    standing,
    export: exported.earned,
    exportKwh: exported.kwh,
    days,
    kwh: sum(importPoints.map((p) => p.value)),
    unpricedKwh: sum(unpriced),
  }
}

function exportOf(
  points: readonly Point[],
  tariff: Tariff,
  prices: readonly Point[] | undefined,
): { kwh: number; earned: number } {
  const kwh = sum(points.map((p) => p.value))
  if (!prices) return { kwh, earned: kwh * (tariff.exportRate ?? 0) }
  const priceAt = createPriceFinder(prices)
  return {
    kwh,
    earned: sum(points.map((p) => p.value * (priceAt(p.start) ?? tariff.exportRate ?? 0))),
  }
}

/** Price that holds at an instant, from price points in order of time; null where there is none. */
function createPriceFinder(prices: readonly Point[]): (instant: number) => number | null {
  return (instant) => {
    let low = 0
    let high = prices.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (prices[middle]!.end <= instant) low = middle + 1
      else high = middle
    }
    const price = prices[low]
    return price && price.start <= instant ? price.value : null
  }
}

function billedDays(span: Span | null, zone: string): number {
  if (!span || span.end <= span.start) return 0
  let days = 0
  for (let date = localParts(span.start, zone).date; ; date = addDays(date, 1)) {
    const start = startOfLocalDay(date, zone)
    if (start >= span.end) return days
    const end = startOfLocalDay(addDays(date, 1), zone)
    if (end > start) days += (Math.min(end, span.end) - Math.max(start, span.start)) / (end - start)
  }
}

function spanOf(points: readonly Point[]): Span | null {
  if (points.length === 0) return null
  let start = Number.POSITIVE_INFINITY
  let end = Number.NEGATIVE_INFINITY
  for (const point of points) {
    start = Math.min(start, point.start)
    end = Math.max(end, point.end)
  }
  return { start, end }
}
