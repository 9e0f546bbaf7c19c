import type { TimeWindow } from './window.ts'

/** Sizes of statistics rows; days, weeks (from Monday) and months are the home's. */
export type Bucket = '5minute' | 'hour' | 'day' | 'week' | 'month'

/**
 * One number about the home with everything needed to check it. `value` is in `unit` (energy in kWh, power in W or
 * kW, money in major units of the ISO currency that `unit` names, shares in %). `at` is the instant that the number
 * points to (the start of a peak) in UTC, `local` the same in the home's zone with offset; both null where the number
 * speaks about the whole window. `coverage` is a fraction. `method` names definition and version. `label` is the
 * friendly name of the one device or band the number is about, null for the whole home.
 */
export interface Metric {
  readonly id: string
  readonly name: string
  readonly label: string | null
  readonly value: number
  readonly unit: string
  readonly at: string | null
  readonly local: string | null
  readonly window: TimeWindow
  readonly method: string
  readonly bucket: Bucket | null
  readonly coverage: number
  readonly samples: number
  readonly entities: readonly string[]
  readonly attempt: number
}
