import type { StatisticMeta, StatisticRow } from '../../domain/home-data.ts'
import type { Bucket } from '../../domain/metric.ts'
import type { StatisticsQuery } from '../port.ts'
import { DAY, HOUR, instantOf, localDay, monthOf, SLOT, weekday } from './calendar.ts'
import { KWH_PER_QUANTUM } from './energy.ts'
import { INITIAL_KWH } from './energy-things.ts'
import { type Meters, toWatts } from './meters.ts'
import type { Interval } from './people.ts'
import type { Reader } from './reader.ts'
import type { Thing } from './thing.ts'

/** A thing has statistics when Home Assistant would keep them: it has a state class. */
export function toMeta(thing: Thing): StatisticMeta | null {
  const { id, name, unit, stateClass } = thing.entity
  if (stateClass === null) return null
  const hasSum = stateClass !== 'measurement'
  return { id, name, unit: unit ?? '', hasMean: !hasSum, hasSum }
}

/** First bucket of a query: that of a day, a week or a month holds the query's start, as Home Assistant has it. */
function bucketStart(instant: number, period: Bucket): number {
  if (period === '5minute') return Math.ceil(instant / SLOT) * SLOT
  if (period === 'hour') return Math.ceil(instant / HOUR) * HOUR
  const day = localDay(instant)
  const back =
    period === 'week' ? weekday(day) - 1 : period === 'month' ? new Date(day * DAY).getUTCDate() - 1 : 0
  return instantOf(day - back, 0)
}

function bucketEnd(start: number, period: Bucket): number {
  if (period === '5minute') return start + SLOT
  if (period === 'hour') return start + HOUR
  let day = localDay(start) + 1
  if (period === 'week') day += 6
  const month = monthOf(localDay(start))
  while (period === 'month' && monthOf(day) === month) day++
  return instantOf(day, 0)
}

/** One thing's way from a bucket to its row; null where it has no data. `known` is the part that the data covers. */
type RowOf = (bucket: Interval, known: Interval) => StatisticRow | null

function meterRows(thing: Thing, meters: Meters): RowOf {
  if (thing.simulation.kind !== 'meter') throw new TypeError('only meters have sums')
  const { channel } = thing.simulation
  const initial = INITIAL_KWH.get(channel) ?? 0
  let last = { at: Number.NaN, quanta: 0 }
  return (bucket, { start, end }) => {
    const before = last.at === start ? last.quanta : meters.quantaUntil(channel, start)
    let quanta = before
    for (let at = start; at < end; at += SLOT) quanta += meters.quantaAt(channel, at)
    last = { at: end, quanta }
    const sum = quanta * KWH_PER_QUANTUM
    return { ...bucket, change: (quanta - before) * KWH_PER_QUANTUM, sum, state: initial + sum }
  }
}

function powerRows(thing: Thing, meters: Meters): RowOf {
  if (thing.simulation.kind !== 'power') throw new TypeError('only power sensors have quanta')
  const { channel } = thing.simulation
  return (bucket, { start, end }) => {
    let sum = 0
    let least = Number.POSITIVE_INFINITY
    let most = 0
    for (let at = start; at < end; at += SLOT) {
      const quanta = meters.quantaAt(channel, at)
      sum += quanta
      if (quanta < least) least = quanta
      if (quanta > most) most = quanta
    }
    const count = (end - start) / SLOT
    return { ...bucket, mean: toWatts(sum) / count, min: toWatts(least), max: toWatts(most) }
  }
}

function sensorRows(thing: Thing, reader: Reader, span: Interval): RowOf {
  const spells = reader.spells(thing, span)
  return (bucket, { start, end }) => {
    const gone = spells.filter((one) => one.end > start && one.start < end)
    let sum = 0
    let count = 0
    let least = Number.POSITIVE_INFINITY
    let most = Number.NEGATIVE_INFINITY
    for (let at = start; at < end; at += SLOT) {
      if (gone.some((one) => at >= one.start && at < one.end)) continue
      const value = reader.sample(thing, at) ?? 0
      sum += value
      count++
      if (value < least) least = value
      if (value > most) most = value
    }
    return count === 0 ? null : { ...bucket, mean: sum / count, min: least, max: most }
  }
}

/**
 * Statistics rows of things. Rows of five minutes and of an hour are whole and begin within the span. The first day,
 * week or month is the one that holds the span's start, and at the edge of the data it holds what there is: both as in Home
 * Assistant.
 */
export function readStatistics(
  query: StatisticsQuery,
  deps: {
    things: ReadonlyMap<string, Thing>
    reader: Reader
    meters: Meters
    data: Interval
    signal: AbortSignal
  },
): ReadonlyMap<string, readonly StatisticRow[]> {
  const { period } = query
  const unit = period === '5minute' ? SLOT : HOUR
  const dataEnd = Math.floor(deps.data.end / unit) * unit
  const start = bucketStart(Math.max(query.start, deps.data.start), period)
  const lists: { rowOf: RowOf; rows: StatisticRow[]; id: string }[] = []
  for (const id of new Set(query.ids)) {
    const thing = deps.things.get(id)
    if (thing === undefined || toMeta(thing) === null) continue
    const kind = thing.simulation.kind
    const rowOf =
      kind === 'meter'
        ? meterRows(thing, deps.meters)
        : kind === 'power'
          ? powerRows(thing, deps.meters)
          : sensorRows(thing, deps.reader, { start, end: Math.max(start + 1, Math.min(query.end, dataEnd)) })
    lists.push({ id, rowOf, rows: [] })
  }
  // buckets outside, ids inside: a day's frame is made once for all of them
  for (let at = start; at < query.end && at < dataEnd; ) {
    deps.signal.throwIfAborted()
    const bucket = { start: at, end: bucketEnd(at, period) }
    const known = { start: Math.max(at, deps.data.start), end: Math.min(bucket.end, dataEnd) }
    for (const list of lists) {
      const row = list.rowOf(bucket, known)
      if (row !== null) list.rows.push(row)
    }
    at = bucket.end
  }
  return new Map(lists.filter((list) => list.rows.length > 0).map((list) => [list.id, list.rows]))
}
