import type {
  BatterySource,
  DeviceConsumption,
  EnergyPreferences,
  GridSource,
  SolarSource,
  Supply,
} from '../../domain/home-data.ts'
import { isRow, type Row, rowsIn, textIn } from './shapes.ts'

/** How one meter of the grid is priced: at most one of these is set in Home Assistant. */
export interface MeterPrice {
  readonly meter: string
  /** A statistic of the money itself. */
  readonly cost: string | null
  /** An entity whose state is the price of one unit of energy. */
  readonly entity: string | null
  /** A fixed price, major units a kWh. */
  readonly number: number | null
}

/** The energy settings, and the prices that they name. */
export interface HomeAssistantPreferences {
  readonly preferences: EnergyPreferences
  readonly buying: readonly MeterPrice[]
  readonly selling: readonly MeterPrice[]
}

/**
 * Reads `energy/get_prefs` in both shapes: a grid source is flat since 2026, and had lists `flow_from` and `flow_to`
 * before. `costSensors` is `energy/info.cost_sensors`: the money statistic that Home Assistant keeps by itself for a
 * meter with a price.
 */
export function toPreferences(answer: unknown, costSensors: unknown): HomeAssistantPreferences | null {
  if (!isRow(answer)) return null
  const rows = rowsIn(answer.energy_sources)
  const kept = isRow(costSensors) ? costSensors : {}
  const grids = rows.filter((row) => row.type === 'grid')
  const buying = grids.flatMap((row) => flows(row, 'from')).flatMap((row) => toPrice(row, BUYING, kept))
  const selling = grids.flatMap((row) => flows(row, 'to')).flatMap((row) => toPrice(row, SELLING, kept))
  const grid: GridSource = {
    type: 'grid',
    from: unique(buying.map((each) => each.meter)),
    to: unique(selling.map((each) => each.meter)),
    cost: unique(buying.flatMap((each) => each.cost ?? [])),
    compensation: unique(selling.flatMap((each) => each.cost ?? [])),
  }
  const preferences: EnergyPreferences = {
    sources: [...(grid.from.length + grid.to.length > 0 ? [grid] : []), ...rows.flatMap(toOther)],
    supplies: rows.flatMap((row) => toSupply(row, kept)),
    devices: toDevices(answer.device_consumption),
    power: Object.fromEntries(
      rows.flatMap(powerOf).concat(rowsIn(answer.device_consumption).flatMap(powerOf)),
    ),
  }
  return { preferences, buying, selling }
}

/** The flat grid source is its own only flow in each direction. */
function flows(row: Row, direction: 'from' | 'to'): readonly Row[] {
  const list = row[`flow_${direction}`]
  return Array.isArray(list) ? rowsIn(list) : [row]
}

interface PriceFields {
  readonly meter: string
  readonly cost: string
  /** The flat shape has both directions in one record, so the fields of selling are named otherwise. */
  readonly entity: readonly string[]
  readonly number: readonly string[]
}
const BUYING: PriceFields = {
  meter: 'stat_energy_from',
  cost: 'stat_cost',
  entity: ['entity_energy_price'],
  number: ['number_energy_price'],
}
const SELLING: PriceFields = {
  meter: 'stat_energy_to',
  cost: 'stat_compensation',
  entity: ['entity_energy_price_export'],
  number: ['number_energy_price_export'],
}

function toPrice(row: Row, fields: PriceFields, kept: Row): MeterPrice[] {
  const meter = textIn(row[fields.meter])
  if (meter === null) return []
  // In the older shape a flow to the grid has the plain names.
  const own = fields === SELLING && row.stat_energy_from === undefined ? BUYING : fields
  const entity = textIn(firstOf(row, [...fields.entity, ...own.entity]))
  const number = firstOf(row, [...fields.number, ...own.number])
  return [
    {
      meter,
      cost: textIn(row[fields.cost]) ?? textIn(kept[meter]),
      entity,
      number: typeof number === 'number' && Number.isFinite(number) ? number : null,
    },
  ]
}

function firstOf(row: Row, names: readonly string[]): unknown {
  return names.map((name) => row[name]).find((value) => value !== undefined && value !== null)
}

function toOther(row: Row): (SolarSource | BatterySource)[] {
  const from = textIn(row.stat_energy_from)
  const to = textIn(row.stat_energy_to)
  if (row.type === 'solar' && from !== null) return [{ type: 'solar', from }]
  if (row.type === 'battery' && from !== null && to !== null) return [{ type: 'battery', from, to }]
  return []
}

function toSupply(row: Row, kept: Row): Supply[] {
  const statistic = textIn(row.stat_energy_from)
  if (statistic === null || (row.type !== 'gas' && row.type !== 'water')) return []
  return [{ type: row.type, statistic, cost: textIn(row.stat_cost) ?? textIn(kept[statistic]) }]
}

function toDevices(list: unknown): DeviceConsumption[] {
  const devices = rowsIn(list).flatMap((row) => {
    const statistic = textIn(row.stat_consumption)
    return statistic === null
      ? []
      : [{ statistic, name: textIn(row.name) ?? statistic, includedIn: textIn(row.included_in_stat) }]
  })
  const own = new Set(devices.map((device) => device.statistic))
  return devices.map((device) =>
    device.includedIn !== null && !own.has(device.includedIn) ? { ...device, includedIn: null } : device,
  )
}

/** Power sensors that go with a meter; a sensor that counts both directions against each other goes with none. */
function powerOf(row: Row): [string, string][] {
  const meter = textIn(row.stat_energy_from) ?? textIn(row.stat_consumption)
  const power = textIn(row.stat_rate)
  const bothWays = textIn(row.stat_energy_to) !== null
  return meter !== null && power !== null && !bothWays ? [[meter, power]] : []
}

function unique(list: readonly string[]): string[] {
  return [...new Set(list)]
}
