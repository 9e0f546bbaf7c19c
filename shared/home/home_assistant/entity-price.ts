import type { Span, StateChange, StatisticRow } from '../../domain/home-data.ts'
import type { PriceRows } from './prices.ts'

const HOUR = 3_600_000

/** Prices of the hours of a span from the states of a price entity: each state holds until the next one. */
export function pricesFromHistory(changes: readonly StateChange[], span: Span, factor: number): PriceRows {
  const prices = new Map<number, number>()
  for (let start = Math.ceil(span.start / HOUR) * HOUR; start < span.end; start += HOUR) {
    let money = 0
    let known = 0
    for (const [i, { state, at }] of changes.entries()) {
      const from = Math.max(at, start)
      const to = Math.min(changes[i + 1]?.at ?? Number.POSITIVE_INFINITY, start + HOUR)
      const value = state.trim() === '' ? Number.NaN : Number(state)
      if (to <= from || !Number.isFinite(value)) continue
      money += value * (to - from)
      known += to - from
    }
    if (known > 0) prices.set(start, (money / known) * factor)
  }
  return prices
}

/** The same from the statistics of a price entity. */
export function pricesFromRows(rows: readonly StatisticRow[], factor: number): PriceRows {
  return new Map(rows.flatMap((row) => (row.mean === undefined ? [] : [[row.start, row.mean * factor]])))
}
