import { toSpan } from '../../../shared/analysis/metric.ts'
import { energySeries } from '../../../shared/analysis/series/from-rows.ts'
import { type Point, type Series, sumSeries, within } from '../../../shared/analysis/series/series.ts'
import type {
  DataNote,
  DeviceConsumption,
  SetupIssue,
  Span,
  Supply,
} from '../../../shared/domain/home-data.ts'
import type { Bucket } from '../../../shared/domain/metric.ts'
import type { Tariff } from '../../../shared/domain/tariff.ts'
import type { TimeWindow } from '../../../shared/domain/window.ts'
import type { HomeSource, ReadOptions } from '../../../shared/home/port.ts'
import type { AnalysisState } from '../state.ts'
import { type EnergySources, findSources } from './sources.ts'

const DAY = 86_400_000
/** Home Assistant purges 5-minute rows with its states, by default after 10 days. */
const SHORT_TERM_DAYS = 10
/** Share of the time known by the hour that 5-minute rows must know too. */
const FINE_SHARE = 0.9

/** The meters of a home over one window, in kWh a bucket; a source that the home does not have is null. */
export interface Meters {
  readonly window: TimeWindow
  readonly span: Span
  readonly bucket: Bucket
  readonly gridFrom: Series | null
  readonly gridTo: Series | null
  readonly solar: Series | null
  readonly batteryFrom: Series | null
  readonly batteryTo: Series | null
}

export interface DeviceMeter extends DeviceConsumption {
  readonly series: Series
}

/** Gas or water by the hour, in the unit of its meter. */
export interface SupplyMeter extends Supply {
  readonly unit: string
  readonly points: readonly Point[]
  /** What each hour cost, in `currency`; empty where the home does not keep it. */
  readonly costs: readonly Point[]
  readonly currency: string
}

/** Everything the energy analyst works on. */
export interface EnergyData {
  readonly sources: EnergySources
  readonly tariff: Tariff | null
  /** Hourly meters over the window that was asked for. */
  readonly main: Meters
  /** The same over the window to compare with, or null. */
  readonly compare: Meters | null
  /** 5-minute meters, over the window and the extra days before it as far as the recorder keeps them, or null. */
  readonly fine: Meters | null
  /** Hourly meters over the window and the extra days before it. */
  readonly long: Meters
  readonly devices: readonly DeviceMeter[]
  /** The devices over the window to compare with; none without one. */
  readonly otherDevices: readonly DeviceMeter[]
  readonly supplies: readonly SupplyMeter[]
  /** Mean price of each hour, where the tariff is dynamic. */
  readonly prices: readonly Point[]
  readonly exportPrices: readonly Point[]
  /** What the home itself recorded as the cost of each hour, by statistic. */
  readonly recorded: ReadonlyMap<string, readonly Point[]>
  readonly notes: readonly DataNote[]
  /** What the home finds wrong with its statistics and energy settings. */
  readonly setupIssues: readonly SetupIssue[]
}

/** Reads meters, devices, prices and notes, each statistic once for the longest span that anybody needs. */
export async function collect(
  state: AnalysisState,
  home: HomeSource,
  options: ReadOptions,
): Promise<EnergyData> {
  const [sources, tariff] = await Promise.all([findSources(home, options), home.tariff(options)])
  const { window, compare, strategy } = state.request
  const reach = extended(window, strategy.extraDays, state.info.dataStart)
  const span = toSpan(window)
  const [
    main,
    other,
    fine,
    devices,
    otherDevices,
    supplies,
    prices,
    exportPrices,
    recorded,
    notes,
    setupIssues,
  ] = await Promise.all([
    readMeters(home, sources, reach, 'hour', options),
    compare ? readMeters(home, sources, compare, 'hour', options) : null,
    wantsFine(state, span) ? readMeters(home, sources, shortTerm(reach, state), '5minute', options) : null,
    readDevices(home, sources.devices, span, options),
    compare ? readDevices(home, sources.devices, toSpan(compare), options) : [],
    readSupplies(home, sources.supplies, { span, currency: state.info.currency }, options),
    readPrices(home, tariff?.dynamic ?? null, span, options),
    readPrices(home, tariff?.dynamicExport ?? null, span, options),
    readChanges(home, sources.cost, span, options),
    home.notes(span, options),
    home.setupIssues(options),
  ])
  return {
    sources,
    tariff,
    main: cutTo(main, window),
    compare: other,
    fine: fine && reachesAsFar(fine, main) ? fine : null,
    long: main,
    devices,
    otherDevices,
    supplies,
    prices,
    exportPrices,
    recorded,
    notes,
    setupIssues,
  }
}

function extended(window: TimeWindow, days: number, dataStart: string): TimeWindow {
  const start = Math.max(Date.parse(window.start) - days * DAY, Date.parse(dataStart))
  return { ...window, start: new Date(Math.min(start, Date.parse(window.start))).toISOString() }
}

function wantsFine(state: AnalysisState, span: Span): boolean {
  if (state.request.strategy.statistics === 'long_term') return false
  return span.end > Date.parse(state.info.now) - SHORT_TERM_DAYS * DAY
}

/** The part of the window for which 5-minute rows may still be there. */
function shortTerm(window: TimeWindow, state: AnalysisState): TimeWindow {
  const kept = Date.parse(state.info.now) - SHORT_TERM_DAYS * DAY
  return { ...window, start: new Date(Math.max(Date.parse(window.start), kept)).toISOString() }
}

async function readMeters(
  home: HomeSource,
  sources: EnergySources,
  window: TimeWindow,
  period: Bucket,
  options: ReadOptions,
): Promise<Meters> {
  const { gridFrom, gridTo, solar, batteryFrom, batteryTo } = sources
  const ids = [...gridFrom, ...gridTo, ...solar, ...batteryFrom, ...batteryTo]
  const span = toSpan(window)
  const rows = ids.length > 0 ? await home.statistics({ ids, period, ...span }, options) : new Map()
  const add = (name: string, list: readonly string[]) => {
    const series = list.map((id) => energySeries(id, id, rows.get(id) ?? [], period))
    return series.length === 0
      ? null
      : series.length === 1
        ? series[0]!
        : sumSeries(list.join('+'), name, series)
  }
  return {
    window,
    span,
    bucket: period,
    gridFrom: add('Grid import', gridFrom),
    gridTo: add('Grid export', gridTo),
    solar: add('Solar', solar),
    batteryFrom: add('From the battery', batteryFrom),
    batteryTo: add('Into the battery', batteryTo),
  }
}

async function readDevices(
  home: HomeSource,
  devices: readonly DeviceConsumption[],
  span: Span,
  options: ReadOptions,
): Promise<DeviceMeter[]> {
  if (devices.length === 0) return []
  const rows = await home.statistics(
    { ids: devices.map((d) => d.statistic), period: 'hour', ...span },
    options,
  )
  return devices.map((device) => ({
    ...device,
    series: energySeries(device.statistic, device.name, rows.get(device.statistic) ?? [], 'hour'),
  }))
}

async function readSupplies(
  home: HomeSource,
  supplies: readonly Supply[],
  { span, currency }: { readonly span: Span; readonly currency: string | null },
  options: ReadOptions,
): Promise<SupplyMeter[]> {
  if (supplies.length === 0) return []
  const ids = supplies.flatMap(({ statistic, cost }) => (cost === null ? [statistic] : [statistic, cost]))
  const [metas, points] = await Promise.all([
    home.statisticIds(options),
    readChanges(home, ids, span, options),
  ])
  const unitOf = (id: string | null) => metas.find((meta) => meta.id === id)?.unit ?? ''
  return supplies.map((supply) => ({
    ...supply,
    unit: unitOf(supply.statistic),
    points: points.get(supply.statistic) ?? [],
    costs: points.get(supply.cost ?? '') ?? [],
    currency: unitOf(supply.cost) || (currency ?? ''),
  }))
}

/** What meters of any unit counted in each hour. */
async function readChanges(
  home: HomeSource,
  ids: readonly string[],
  span: Span,
  options: ReadOptions,
): Promise<ReadonlyMap<string, readonly Point[]>> {
  if (ids.length === 0) return new Map()
  const rows = await home.statistics({ ids, period: 'hour', ...span }, options)
  return new Map(
    [...rows].map(([id, own]) => [
      id,
      own.flatMap(({ start, end, change }) => (change === undefined ? [] : [{ start, end, value: change }])),
    ]),
  )
}

async function readPrices(
  home: HomeSource,
  id: string | null,
  span: Span,
  options: ReadOptions,
): Promise<Point[]> {
  if (!id) return []
  const rows = (await home.statistics({ ids: [id], period: 'hour', ...span }, options)).get(id) ?? []
  return rows.flatMap(({ start, end, mean }) => (mean === undefined ? [] : [{ start, end, value: mean }]))
}

/** 5-minute rows that end early, for a recorder that keeps them for fewer days, say less than the hours do. */
function reachesAsFar(fine: Meters, hours: Meters): boolean {
  const known = (series: Series | null) =>
    (series ? within(series, fine.span).points : []).reduce((ms, point) => ms + point.end - point.start, 0)
  const short = known(fine.gridFrom)
  return short > 0 && short >= FINE_SHARE * known(hours.gridFrom)
}

function cutTo(meters: Meters, window: TimeWindow): Meters {
  const span = toSpan(window)
  const cut = (series: Series | null) => series && within(series, span)
  return {
    window,
    span,
    bucket: meters.bucket,
    gridFrom: cut(meters.gridFrom),
    gridTo: cut(meters.gridTo),
    solar: cut(meters.solar),
    batteryFrom: cut(meters.batteryFrom),
    batteryTo: cut(meters.batteryTo),
  }
}
