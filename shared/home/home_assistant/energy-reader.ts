import type {
  EnergyPreferences,
  Span,
  StateChange,
  StatisticMeta,
  StatisticRow,
} from '../../domain/home-data.ts'
import type { Tariff } from '../../domain/tariff.ts'
import type { HistoryQuery, ReadOptions, StatisticsQuery } from '../port.ts'
import { findDataRange } from './data-range.ts'
import { pricesFromHistory, pricesFromRows } from './entity-price.ts'
import { noneIfNotThere } from './errors.ts'
import { type HomeAssistantPreferences, type MeterPrice, toPreferences } from './preferences.ts'
import { blendPrices, PRICE_IDS, type PriceRows, priceFactor, priceMetas, toTariff } from './prices.ts'
import type { Reader } from './reader.ts'
import { isRow, textIn } from './shapes.ts'
import { addRows, statisticsCalls, toMetas } from './statistics.ts'

const KEPT_MS = 60_000
const RANGE_KEPT_MS = 300_000
/** Meters that tell from when to when there is data, where no settings name the main ones. */
const RANGE_METERS = 20

/** Energy settings, statistics and prices. */
export interface EnergyReader {
  preferences(options: ReadOptions): Promise<EnergyPreferences | null>
  tariff(options: ReadOptions): Promise<Tariff | null>
  statisticIds(options: ReadOptions): Promise<readonly StatisticMeta[]>
  statistics(
    query: StatisticsQuery,
    options: ReadOptions,
  ): Promise<ReadonlyMap<string, readonly StatisticRow[]>>
  /** From when to when the main meters have data, or null without any. */
  range(options: ReadOptions): Promise<Span | null>
}

/** Money statistics of meters that have a price beside them; those of others are what their prices are made of. */
function besides(meters: readonly MeterPrice[]): readonly string[] {
  const priced = meters.filter((meter) => meter.number !== null || meter.entity !== null)
  return [...new Set(priced.flatMap((meter) => meter.cost ?? []))]
}

export function createEnergyReader(
  reader: Reader,
  deps: {
    readonly tariff: Tariff | null
    readonly history: (
      query: HistoryQuery,
      options: ReadOptions,
    ) => Promise<ReadonlyMap<string, readonly StateChange[]>>
  },
): EnergyReader {
  const { missing, remembered } = reader

  const settings = (options: ReadOptions): Promise<HomeAssistantPreferences | null> =>
    remembered.get('settings', KEPT_MS, async () => {
      const [prefs, info] = await Promise.all([
        reader.call({ type: 'energy/get_prefs' }, options).catch(noneIfNotThere),
        missing.orElse('the energy settings', reader.call({ type: 'energy/info' }, options), null),
      ])
      return toPreferences(prefs, isRow(info) ? info.cost_sensors : null)
    })

  const metas = (options: ReadOptions): Promise<readonly StatisticMeta[]> =>
    remembered.get('metas', KEPT_MS, async () => {
      const [answer, states] = await Promise.all([
        missing.orElse(
          'the statistics',
          reader.longCall({ type: 'recorder/list_statistic_ids' }, options),
          [],
        ),
        reader.states(options),
      ])
      const names = new Map(states.map((state) => [state.entityId, textIn(state.attributes.friendly_name)]))
      return toMetas(answer).map((meta) => ({ ...meta, name: names.get(meta.id) ?? meta.name }))
    })

  async function tariff(options: ReadOptions): Promise<Tariff | null> {
    if (deps.tariff !== null) return deps.tariff
    const [own, { currency }] = await Promise.all([settings(options), reader.config(options)])
    return own === null || currency === null ? null : toTariff(own, currency)
  }

  /** Rows of statistics that Home Assistant has. */
  async function stored(query: StatisticsQuery, options: ReadOptions): Promise<Map<string, StatisticRow[]>> {
    const found = new Map<string, StatisticRow[]>()
    if (query.end <= query.start || query.ids.length === 0) return found
    const known = await metas(options)
    const wanted = new Set(query.ids)
    for (const kind of ['sum', 'mean'] as const) {
      const own = known.filter((meta) => wanted.has(meta.id) && meta.hasSum === (kind === 'sum'))
      if (own.length === 0) continue
      const calls = statisticsCalls(
        query,
        own.map((meta) => meta.id),
        kind,
      )
      const answers = await Promise.all(calls.map((message) => reader.longCall(message, options)))
      for (const answer of answers) addRows(found, answer, query, kind)
    }
    return found
  }

  async function pricesOf(
    entity: string,
    rows: readonly StatisticRow[] | undefined,
    query: StatisticsQuery,
    options: ReadOptions,
  ): Promise<PriceRows> {
    const state = (await reader.states(options)).find((each) => each.entityId === entity)
    const factor = priceFactor(textIn(state?.attributes.unit_of_measurement))
    if (rows !== undefined) return pricesFromRows(rows, factor)
    const { start, end } = query
    const changes = await deps.history({ entityIds: [entity], start, end }, options)
    return pricesFromHistory(changes.get(entity) ?? [], query, factor)
  }

  /** Rows of a statistic that is made here out of meters and their prices. */
  async function prices(
    meters: readonly MeterPrice[],
    query: StatisticsQuery,
    options: ReadOptions,
  ): Promise<readonly StatisticRow[]> {
    const entities = [...new Set(meters.flatMap((meter) => meter.entity ?? []))]
    const ids = [...meters.flatMap((meter) => [meter.meter, meter.cost ?? '']), ...entities]
    const rows = await stored({ ...query, ids }, options)
    const byEntity = new Map<string, PriceRows>()
    for (const id of entities) byEntity.set(id, await pricesOf(id, rows.get(id), query, options))
    return blendPrices(meters, rows, byEntity)
  }

  return {
    tariff,
    async preferences(options) {
      const [own, known] = await Promise.all([settings(options), metas(options)])
      if (own === null) return null
      const names = new Map(known.map((meta) => [meta.id, meta.name]))
      const { devices } = own.preferences
      const named = devices.map((device) =>
        device.name === device.statistic
          ? { ...device, name: names.get(device.statistic) ?? device.name }
          : device,
      )
      const sources = own.preferences.sources.map((source) =>
        source.type !== 'grid' || deps.tariff !== null
          ? source
          : { ...source, cost: besides(own.buying), compensation: besides(own.selling) },
      )
      return { ...own.preferences, sources, devices: named }
    },
    async statisticIds(options) {
      const [known, money] = await Promise.all([metas(options), tariff(options)])
      return [...known, ...priceMetas(money)]
    },
    async statistics(query, options) {
      const found = await stored(query, options)
      const made = Object.values(PRICE_IDS).filter((id) => query.ids.includes(id))
      if (made.length === 0 || query.end <= query.start) return found
      const own = await settings(options)
      for (const id of made) {
        const meters = (id === PRICE_IDS.import ? own?.buying : own?.selling) ?? []
        const rows = await prices(meters, query, options)
        if (rows.length > 0) found.set(id, [...rows])
      }
      return found
    },
    range: (options) =>
      remembered.get('range', RANGE_KEPT_MS, async () => {
        const [own, known] = await Promise.all([settings(options), metas(options)])
        const main = own?.preferences.sources.flatMap(({ from }) => from) ?? []
        const meters = known.filter((meta) => meta.hasSum).map((meta) => meta.id)
        const ids = main.length > 0 ? main : meters.slice(0, RANGE_METERS)
        return findDataRange(ids, reader.now(), (query) => stored(query, options))
      }),
  }
}
