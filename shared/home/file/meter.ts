import type { DataNote } from '../../domain/home-data.ts'
import type { Column } from './columns.ts'

/** Energy is kept in whole billionths of a kWh: sums of decimal readings stay exact. */
export const NANO = 1_000_000_000

/** One column of a meter's file. `values` has one number a row (NaN: missing): nano-kWh, or a price a kWh. */
export interface MeterColumn extends Column {
  readonly values: Float64Array
}

/** A meter's file, read and checked. Rows are in order of time without duplicates; `starts` are epoch ms. */
export interface MeterFile {
  readonly fileName: string
  readonly timeZone: string
  readonly currency: string | null
  readonly intervalMs: number
  readonly starts: Float64Array
  readonly columns: readonly MeterColumn[]
  readonly notes: readonly DataNote[]
}
