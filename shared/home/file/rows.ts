import type { StatisticMeta, StatisticRow } from '../../domain/home-data.ts'
import type { Bucket } from '../../domain/metric.ts'
import { addDays, localParts, offsetMs, startOfLocalDay, weekdayOf } from '../../domain/time/zone.ts'
import { type MeterColumn, type MeterFile, NANO } from './meter.ts'

const FIVE_MINUTES = 300_000
const HOUR = 3_600_000

/** A statistic of a file: the energy of a column, the mean power that follows from it, or a price. */
export interface FileStatistic {
  readonly meta: StatisticMeta
  readonly kind: 'energy' | 'power' | 'price'
  readonly column: MeterColumn
  /** For a price: the energy that it is paid for; hours are weighted by it, so that kWh × price is exact. */
  readonly weight: MeterColumn | null
}

/** Every statistic that a file has; power ids end in `_power`. */
export function fileStatistics(file: MeterFile): readonly FileStatistic[] {
  return file.columns.flatMap((column): FileStatistic[] => {
    const { id, name } = column
    if (column.kind === 'price') {
      const unit = `${file.currency ?? 'currency'}/kWh`
      const role = column.role === 'rate' ? 'grid_import' : 'grid_export'
      const weight = file.columns.find((one) => one.role === role) ?? null
      return [{ meta: { id, name, unit, hasMean: true, hasSum: false }, kind: 'price', column, weight }]
    }
    return [
      { meta: { id, name, unit: 'kWh', hasMean: false, hasSum: true }, kind: 'energy', column, weight: null },
      {
        meta: { id: `${id}_power`, name: `${name} power`, unit: 'W', hasMean: true, hasSum: false },
        kind: 'power',
        column,
        weight: null,
      },
    ]
  })
}

/** Cuts an instant down to the bucket that holds it: hours, days, weeks and months in the home's zone. */
export function bucketOf(instant: number, period: Bucket, file: MeterFile): { start: number; end: number } {
  const { timeZone, intervalMs } = file
  if (period === '5minute' || (period === 'hour' && intervalMs === HOUR))
    return { start: instant, end: instant + intervalMs }
  if (period === 'hour') {
    const offset = offsetMs(instant, timeZone)
    const start = Math.floor((instant + offset) / HOUR) * HOUR - offset
    return { start, end: start + HOUR }
  }
  const { date } = localParts(instant, timeZone)
  if (period === 'day')
    return { start: startOfLocalDay(date, timeZone), end: startOfLocalDay(addDays(date, 1), timeZone) }
  if (period === 'week') {
    const monday = addDays(date, 1 - weekdayOf(date))
    return {
      start: startOfLocalDay(monday, timeZone),
      end: startOfLocalDay(addDays(monday, 7), timeZone),
    }
  }
  const first = `${date.slice(0, 8)}01`
  const next = `${addDays(first, 31).slice(0, 8)}01`
  return { start: startOfLocalDay(first, timeZone), end: startOfLocalDay(next, timeZone) }
}

interface Tally {
  readonly start: number
  readonly end: number
  sum: number
  weighted: number
  weight: number
  count: number
  min: number
  max: number
}

const emptyTally = (bucket: { start: number; end: number }): Tally => ({
  ...bucket,
  sum: 0,
  weighted: 0,
  weight: 0,
  count: 0,
  min: Number.POSITIVE_INFINITY,
  max: Number.NEGATIVE_INFINITY,
})

/**
 * Rows of one statistic: hours that begin within [start, end), days, weeks and months from the one that holds `start` (as in
 * Home Assistant), five minutes only from a file that has them.
 */
export function readRows(
  statistic: FileStatistic,
  file: MeterFile,
  query: { start: number; end: number; period: Bucket },
): readonly StatisticRow[] {
  if (query.period === '5minute' && file.intervalMs !== FIVE_MINUTES) return []
  const { values } = statistic.column
  const rows: StatisticRow[] = []
  let tally: Tally | null = null
  let sum = 0
  const whole = query.period !== '5minute' && query.period !== 'hour'
  const isAsked = (one: Tally) =>
    (whole ? one.end > query.start : one.start >= query.start) && one.start < query.end
  const close = () => {
    if (tally === null) return
    if (statistic.kind === 'energy') sum += tally.sum
    if (tally.count > 0 && isAsked(tally)) rows.push(toRow(tally, statistic.kind, sum, file.intervalMs))
  }
  for (const [i, start] of file.starts.entries()) {
    if (tally === null || start >= tally.end) {
      if (start >= query.end) break
      close()
      tally = emptyTally(bucketOf(start, query.period, file))
    }
    add(tally, values[i] ?? Number.NaN, statistic.weight?.values[i] ?? 0)
  }
  close()
  return rows
}

function add(tally: Tally, value: number, weight: number): void {
  if (Number.isNaN(value)) return
  tally.sum += value
  tally.count += 1
  if (weight > 0) {
    tally.weighted += value * weight
    tally.weight += weight
  }
  if (value < tally.min) tally.min = value
  if (value > tally.max) tally.max = value
}

function toRow(tally: Tally, kind: FileStatistic['kind'], sum: number, intervalMs: number): StatisticRow {
  const { start, end, count } = tally
  if (kind === 'energy') return { start, end, change: tally.sum / NANO, sum: sum / NANO, state: sum / NANO }
  if (kind === 'price') {
    const mean = tally.weight > 0 ? tally.weighted / tally.weight : tally.sum / count
    return { start, end, mean, min: tally.min, max: tally.max }
  }
  const watts = (nano: number) => ((nano / NANO) * 1000 * HOUR) / intervalMs
  return { start, end, mean: watts(tally.sum) / count, min: watts(tally.min), max: watts(tally.max) }
}
