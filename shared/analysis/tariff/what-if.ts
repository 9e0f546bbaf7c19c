import type { Span } from '../../domain/home-data.ts'
import type { Tariff } from '../../domain/tariff.ts'
import type { Point } from '../series/series.ts'
import { type Cost, costOf } from './cost.ts'

export interface NamedTariff {
  readonly name: string
  readonly tariff: Tariff
}

export interface WhatIf {
  readonly name: string
  readonly cost: Cost
  /** Total minus the first tariff's; null where one of them is unknown. */
  readonly difference: number | null
}

/** The same hours under each tariff, nothing shifted. Differences are against the first of the list. */
export function whatIf(
  importPoints: readonly Point[],
  exportPoints: readonly Point[],
  tariffs: readonly NamedTariff[],
  zone: string,
  span?: Span,
): WhatIf[] {
  const options = span ? { span } : {}
  const costs = tariffs.map(({ name, tariff }) => ({
    name,
    cost: costOf(importPoints, exportPoints, tariff, zone, options),
  }))
  const base = costs[0]?.cost.total ?? null
  return costs.map(({ name, cost }) => ({
    name,
    cost,
    difference: base === null || cost.total === null ? null : cost.total - base,
  }))
}
