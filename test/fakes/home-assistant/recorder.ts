import type { StatisticRow } from '../../../shared/domain/home-data.ts'
import type { FakeStatistic, FakeWorld } from './world.ts'

/** Factors to kWh, W and m³, as Home Assistant converts them. */
const FACTORS: Readonly<Record<string, number>> = {
  Wh: 0.001,
  kWh: 1,
  MWh: 1000,
  GJ: 1000 / 3.6,
  W: 1,
  kW: 1000,
  'm³': 1,
  'ft³': 0.028316846592,
}

/** `recorder/list_statistic_ids`. */
export function listStatisticIds(world: FakeWorld): Record<string, unknown>[] {
  return world.statistics.map((each) => ({
    statistic_id: each.id,
    source: each.id.includes(':') ? each.id.slice(0, each.id.indexOf(':')) : 'recorder',
    name: each.name ?? null,
    has_mean: each.kind === 'mean',
    mean_type: each.kind === 'mean' ? 1 : 0,
    has_sum: each.kind === 'sum',
    statistics_unit_of_measurement: each.unit,
    display_unit_of_measurement: each.unit,
    unit_class: each.unitClass,
  }))
}

interface Query {
  readonly start_time: string
  readonly end_time?: string
  readonly statistic_ids: readonly string[]
  readonly period: string
  readonly types: readonly string[]
  readonly units?: Readonly<Record<string, string>>
}

/**
 * `recorder/statistics_during_period`, reduced as Home Assistant's recorder does it: days, weeks and months are cut in the home's
 * time zone, from the one that holds the start to the one that holds the end (both whole), and an id without data is absent.
 */
export function statisticsDuringPeriod(world: FakeWorld, query: Query): Record<string, unknown> {
  const zone = String(world.config.time_zone)
  const start = Date.parse(query.start_time)
  const end = query.end_time === undefined ? Number.POSITIVE_INFINITY : Date.parse(query.end_time)
  const found: Record<string, unknown> = {}
  for (const id of query.statistic_ids) {
    const statistic = world.statistics.find((each) => each.id === id)
    if (!statistic) continue
    const rows = rowsOf(statistic, query.period, start, end, zone)
    const factor = factorFor(statistic, query.units ?? {})
    if (rows.length > 0) found[id] = rows.map((row) => toWire(row, query.types, factor))
  }
  return found
}

function rowsOf(
  one: FakeStatistic,
  period: string,
  start: number,
  end: number,
  zone: string,
): StatisticRow[] {
  const within = (rows: readonly StatisticRow[]) =>
    rows.filter((row) => row.start >= start && row.start < end)
  if (period === '5minute') return within(one.fiveMinutes ?? [])
  if (period === 'hour') return within(one.hours)
  const keyOf = (instant: number) => {
    const day = localKey(instant, zone, period === 'month' ? 7 : 10)
    return period === 'week' ? shifted(day, -((new Date(day).getUTCDay() + 6) % 7)) : day
  }
  const groups = new Map<string, StatisticRow[]>()
  const first = keyOf(start)
  const last = Number.isFinite(end) ? keyOf(end) : '9999'
  for (const row of one.hours) {
    const key = keyOf(row.start)
    if (key < first || key > last) continue
    groups.set(key, [...(groups.get(key) ?? []), row])
  }
  return [...groups].map(([key, rows]) => reduce(rows, key, { zone, period }))
}

function reduce(
  rows: readonly StatisticRow[],
  key: string,
  { zone, period }: { readonly zone: string; readonly period: string },
): StatisticRow {
  const bounds = { start: localStart(key, zone), end: localStart(nextKey(key, period), zone) }
  const values = (read: (row: StatisticRow) => number | undefined) => rows.flatMap((row) => read(row) ?? [])
  const means = values((row) => row.mean)
  if (means.length > 0)
    return {
      ...bounds,
      mean: means.reduce((sum, value) => sum + value, 0) / means.length,
      min: Math.min(...values((row) => row.min)),
      max: Math.max(...values((row) => row.max)),
    }
  const last = rows.at(-1)
  return {
    ...bounds,
    change: values((row) => row.change).reduce((sum, value) => sum + value, 0),
    sum: last?.sum ?? 0,
    state: last?.state ?? 0,
  }
}

function factorFor(one: FakeStatistic, units: Readonly<Record<string, string>>): number {
  const wanted = one.unitClass === null ? undefined : units[one.unitClass]
  if (wanted === undefined || wanted === one.unit) return 1
  return (FACTORS[one.unit] ?? 1) / (FACTORS[wanted] ?? 1)
}

function toWire(row: StatisticRow, types: readonly string[], factor: number): Record<string, unknown> {
  const values: Readonly<Record<string, unknown>> = { ...row }
  const wire: Record<string, unknown> = { start: row.start, end: row.end }
  for (const type of types) {
    const value = values[type]
    wire[type] = typeof value === 'number' ? value * factor : null
  }
  return wire
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** Local date of an instant, cut to a day (10) or a month (7). */
function localKey(instant: number, zone: string, length: number): string {
  let format = formats.get(zone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' })
    formats.set(zone, format)
  }
  return format.format(instant).slice(0, length)
}

function nextKey(key: string, period: string): string {
  const [year = 0, month = 1] = key.split('-').map(Number)
  if (period === 'month') return new Date(Date.UTC(year, month, 1)).toISOString().slice(0, 7)
  return shifted(key, period === 'week' ? 7 : 1)
}

function shifted(date: string, days: number): string {
  return new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10)
}

/** First instant of a local day or month. */
function localStart(key: string, zone: string): number {
  const date = key.length === 7 ? `${key}-01` : key
  const midnight = Date.parse(`${date}T00:00:00Z`)
  for (let at = midnight - 15 * 3_600_000; ; at += 900_000) if (localKey(at, zone, 10) >= date) return at
}
