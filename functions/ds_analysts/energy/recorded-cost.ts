import { sum } from '../../../shared/analysis/numeric.ts'
import { costOf } from '../../../shared/analysis/tariff/cost.ts'
import type { Tariff } from '../../../shared/domain/tariff.ts'
import type { EnergyContext } from './context.ts'

/** Share of the bought energy that the home must have recorded the money of. */
const LEAST_SHARE = 0.9

/**
 * A second opinion on what the bought energy cost: what the home itself recorded, and what the tariff makes of the same
 * hours, both without standing charge and export. Null where the home did not record it of every meter.
 */
export function recordedCost(
  context: EnergyContext,
  tariff: Tariff,
): { readonly recorded: number; readonly reckoned: number } | null {
  const { sources, recorded, main, prices } = context.data
  const { start, end } = context.span
  if (sources.cost.length === 0 || sources.cost.length < sources.gridFrom.length) return null
  const records = sources.cost.map(
    (id) => new Map((recorded.get(id) ?? []).map((point) => [point.start, point.value])),
  )
  const bought = main.gridFrom?.points ?? []
  const shared = bought.filter(
    (point) => point.start >= start && point.end <= end && records.every((own) => own.has(point.start)),
  )
  const energy = (points: typeof bought) => sum(points.map((point) => point.value))
  if (shared.length === 0 || energy(shared) < LEAST_SHARE * energy(bought)) return null
  const { byBand, unpricedKwh } = costOf(
    shared,
    [],
    tariff,
    context.zone,
    prices.length > 0 ? { prices } : {},
  )
  if (unpricedKwh > 0) return null
  return {
    recorded: sum(records.flatMap((own) => shared.map((point) => own.get(point.start) ?? 0))),
    reckoned: sum(byBand.map((band) => band.cost)),
  }
}
