import type { Span, StatisticMeta, StatisticRow } from '../../domain/home-data.ts'
import type { Bucket } from '../../domain/metric.ts'
import type { StatisticsQuery } from '../port.ts'
import type { Message } from './calls.ts'
import { isRow, numberIn, type Row, rowsIn, textIn } from './shapes.ts'

/** Home Assistant converts these by itself, whatever the entity's own unit is. */
const UNITS = { energy: 'kWh', power: 'W', volume: 'm³' } as const

/** Unit classes by unit, for releases that do not name the class. */
const CLASS_OF: Readonly<Record<string, keyof typeof UNITS>> = {
  Wh: 'energy',
  kWh: 'energy',
  MWh: 'energy',
  GWh: 'energy',
  MJ: 'energy',
  GJ: 'energy',
  W: 'power',
  kW: 'power',
  MW: 'power',
  'm³': 'volume',
  'ft³': 'volume',
  CCF: 'volume',
  L: 'volume',
  gal: 'volume',
}

/** Statistics of `recorder/list_statistic_ids`, in the units in which their rows are asked for. */
export function toMetas(answer: unknown): readonly StatisticMeta[] {
  return rowsIn(answer).flatMap((row) => {
    const id = textIn(row.statistic_id)
    const hasSum = row.has_sum === true
    const hasMean = !hasSum && (row.has_mean === true || numberIn(row.mean_type) === 1)
    if (id === null || (!hasSum && !hasMean)) return []
    const own = textIn(row.statistics_unit_of_measurement) ?? textIn(row.unit_of_measurement) ?? ''
    const unitClass = Object.hasOwn(UNITS, String(row.unit_class)) ? row.unit_class : CLASS_OF[own]
    const unit = unitClass === undefined ? own : UNITS[unitClass as keyof typeof UNITS]
    return [{ id, name: textIn(row.name) ?? id, unit, hasMean, hasSum }]
  })
}

const BUCKET_MS: Readonly<Record<Bucket, number>> = {
  '5minute': 300_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 7 * 86_400_000,
  month: 28 * 86_400_000,
}
/** Rows that one answer may hold; a row is about 120 bytes. */
const MOST_ROWS = 30_000
const MOST_IDS = 100

/** The calls that answer a query, each small enough for one message. Their answers are put together by `addRows`. */
export function statisticsCalls(
  query: StatisticsQuery,
  ids: readonly string[],
  kind: 'sum' | 'mean',
): Message[] {
  const calls: Message[] = []
  const buckets = Math.max(1, Math.ceil((query.end - query.start) / BUCKET_MS[query.period]))
  const many = Math.max(1, Math.min(MOST_IDS, Math.floor(MOST_ROWS / buckets)))
  for (let at = 0; at < ids.length; at += many)
    for (const part of partsOf(query))
      calls.push({
        type: 'recorder/statistics_during_period',
        start_time: new Date(part.start).toISOString(),
        end_time: new Date(part.end).toISOString(),
        statistic_ids: ids.slice(at, at + many),
        period: query.period,
        types: kind === 'sum' ? ['change', 'sum', 'state'] : ['mean', 'min', 'max'],
        units: UNITS,
      })
  return calls
}

/** A long span in parts, cut at whole UTC hours; days and more are few and stay whole, for their zone cuts them. */
function partsOf(query: StatisticsQuery): Span[] {
  const most = MOST_ROWS * BUCKET_MS[query.period]
  if (!isShort(query.period) || query.end - query.start <= most)
    return [{ start: query.start, end: query.end }]
  const parts: Span[] = []
  for (let start = query.start; start < query.end; ) {
    const end = Math.min(query.end, Math.floor((start + most) / 3_600_000) * 3_600_000)
    parts.push({ start, end })
    start = end
  }
  return parts
}

/** Adds the rows of one answer, in order of time; a row without its value is a bucket without data and is left out. */
export function addRows(
  found: Map<string, StatisticRow[]>,
  answer: unknown,
  query: StatisticsQuery,
  kind: 'sum' | 'mean',
): void {
  if (!isRow(answer)) return
  for (const [id, list] of Object.entries(answer)) {
    const rows = rowsIn(list).flatMap((row) => toRow(row, kind))
    // Days and more are whole, and it also gives the one that begins at the very end of the span.
    const begins = (row: StatisticRow) =>
      isShort(query.period) ? row.start >= query.start : row.end > query.start
    const kept = rows.filter((row) => begins(row) && row.start < query.end)
    if (kept.length > 0) found.set(id, [...(found.get(id) ?? []), ...kept])
  }
}

function isShort(period: Bucket): boolean {
  return period === 'hour' || period === '5minute'
}

function toRow(row: Row, kind: 'sum' | 'mean'): StatisticRow[] {
  const start = numberIn(row.start)
  const end = numberIn(row.end)
  if (start === null || end === null) return []
  if (kind === 'mean') {
    const mean = numberIn(row.mean)
    if (mean === null) return []
    return [{ start, end, mean, min: numberIn(row.min) ?? mean, max: numberIn(row.max) ?? mean }]
  }
  const change = numberIn(row.change)
  const sum = numberIn(row.sum)
  if (change === null || sum === null) return []
  return [{ start, end, change, sum, state: numberIn(row.state) ?? sum }]
}
