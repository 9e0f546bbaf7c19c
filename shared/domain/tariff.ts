/** A band of an import tariff: on which days and from when to when (local wall time `HH:MM`, `to` exclusive). */
export interface TariffBand {
  /** Name in answers, such as `on-peak`. */
  readonly name: string
  /** Major currency units a kWh. */
  readonly rate: number
  readonly days: 'all' | 'working' | 'weekend'
  readonly from: string
  readonly to: string
  /** Months (1–12) in which the band holds, or null for all. */
  readonly months: readonly number[] | null
}

/**
 * What electricity costs. The first band that matches an hour's local start gives its rate. On `holidays` (local
 * dates) the weekend's bands hold. `dynamic` and `dynamicExport` name statistics whose mean is the price of the hour;
 * where present they win over the bands.
 */
export interface Tariff {
  readonly currency: string
  readonly standingPerDay: number
  readonly import: readonly TariffBand[]
  readonly holidays: readonly string[]
  /** Feed-in rate in major units a kWh, or null. */
  readonly exportRate: number | null
  readonly dynamic: string | null
  readonly dynamicExport: string | null
}
