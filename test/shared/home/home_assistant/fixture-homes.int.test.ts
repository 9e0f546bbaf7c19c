import { describe, expect, it } from 'vitest'
import { alignFlows, splitFlow } from '../../../../shared/analysis/energy/flow.ts'
import { energySeries } from '../../../../shared/analysis/series/from-rows.ts'
import type { HomeAssistant } from '../../../../shared/home/home_assistant/home-assistant.ts'
import { meterOf } from '../../../fakes/home-assistant/small-world.ts'
import { emptyWorld, type FakeStatistic, type FakeWorld } from '../../../fakes/home-assistant/world.ts'
import { analyseAt } from '../../../harness/analysis.ts'
import { open, withFake } from '../../../harness/home-assistant.ts'
import { type Hour, reference } from './reference-energy.ts'

const HOUR = 3_600_000

/** A number in [0, 1) that only depends on its place. */
const noise = (i: number, salt: number) => {
  const x = Math.sin(i * 12.9898 + salt * 78.233) * 43758.5453
  return x - Math.floor(x)
}

interface Fixture {
  readonly name: string
  readonly zone?: string
  /** First hour of the data (UTC); the window is cut out of it. */
  readonly from: string
  readonly days: number
  readonly window: readonly [start: string, end: string]
  /** The meters of hour `i`, by statistic id, kWh; null is an hour without a row. */
  readonly meters: Readonly<Record<string, (i: number) => number | null>>
  readonly units?: Readonly<Record<string, readonly [unit: string, perKwh: number]>>
  readonly sources: Record<string, unknown>[]
  readonly devices?: Record<string, unknown>[]
  /** Statistics in which Home Assistant keeps the money of a meter with a price. */
  readonly costs?: Readonly<Record<string, string>>
  /** What the reference is given for hour `i`. */
  readonly hour: (i: number) => Hour | null
  readonly more?: (seen: Seen) => void
}

/** What the product said. */
interface Seen {
  value(name: string, label?: string | null): number | undefined
  statements: string
}

const load = (i: number) => 0.2 + 0.9 * noise(i, 1) + (i % 24 >= 17 && i % 24 < 21 ? 1.1 : 0)
const sun = (i: number) => {
  const hour = i % 24
  return hour < 6 || hour > 19 ? 0 : 3.2 * Math.sin(((hour - 6) / 14) * Math.PI) * (0.3 + 0.7 * noise(i, 2))
}
const net = (i: number) => load(i) - sun(i)
const buys = (i: number) => Math.max(0, net(i))
const sells = (i: number) => Math.max(0, -net(i))
/** A battery that takes most of the surplus, is also loaded at night, and feeds the evening and a bit into the grid. */
const stores = (i: number) => 0.7 * sells(i) + (i % 24 === 2 ? 1.4 : 0)
const gives = (i: number) => (i % 24 >= 18 && i % 24 < 23 ? 0.9 * load(i) + 0.1 * noise(i, 3) : 0)
const gridIn = (i: number) => Math.max(0, net(i) + stores(i) - gives(i))
const gridOut = (i: number) => Math.max(0, -(net(i) + stores(i) - gives(i)))

const WEEK = {
  from: '2026-11-01T00:00:00Z',
  days: 12,
  window: ['2026-11-03T23:00:00Z', '2026-11-10T23:00:00Z'],
} as const
const SOLAR = { type: 'solar', stat_energy_from: 'sensor.pv' }
const gap = (i: number) => (i > 90 && i < 101) || i === 130

const FIXTURES: readonly Fixture[] = [
  {
    ...WEEK,
    name: 'grid only',
    meters: { 'sensor.in': load },
    units: { 'sensor.in': ['Wh', 1000] },
    sources: [{ type: 'grid', stat_energy_from: 'sensor.in' }],
    hour: (i) => ({ fromGrid: load(i) }),
  },
  {
    ...WEEK,
    name: 'solar',
    meters: { 'sensor.in': buys, 'sensor.out': sells, 'sensor.pv': sun },
    units: { 'sensor.pv': ['MWh', 0.001] },
    sources: [{ type: 'grid', stat_energy_from: 'sensor.in', stat_energy_to: 'sensor.out' }, SOLAR],
    hour: (i) => ({ fromGrid: buys(i), toGrid: sells(i), solar: sun(i) }),
  },
  {
    ...WEEK,
    name: 'solar and battery',
    meters: {
      'sensor.in': gridIn,
      'sensor.out': gridOut,
      'sensor.pv': sun,
      'sensor.bat_in': stores,
      'sensor.bat_out': gives,
    },
    units: { 'sensor.bat_in': ['GJ', 0.0036] },
    sources: [
      { type: 'grid', stat_energy_from: 'sensor.in', stat_energy_to: 'sensor.out' },
      SOLAR,
      { type: 'battery', stat_energy_from: 'sensor.bat_out', stat_energy_to: 'sensor.bat_in' },
    ],
    hour: (i) => ({
      fromGrid: gridIn(i),
      toGrid: gridOut(i),
      solar: sun(i),
      fromBattery: gives(i),
      toBattery: stores(i),
    }),
  },
  {
    ...WEEK,
    name: 'two tariffs with two import meters',
    meters: {
      'sensor.t1': (i) => (i % 24 < 7 ? load(i) : 0),
      'sensor.t2': (i) => (i % 24 < 7 ? 0 : load(i)),
    },
    sources: [
      {
        type: 'grid',
        flow_from: [
          { stat_energy_from: 'sensor.t1', number_energy_price: 0.21 },
          { stat_energy_from: 'sensor.t2', number_energy_price: 0.34 },
        ],
        flow_to: [],
      },
    ],
    hour: (i) => ({ fromGrid: load(i) }),
    more: ({ value }) => {
      let cost = 0
      for (const i of hoursOf(WEEK)) cost += load(i) * (i % 24 < 7 ? 0.21 : 0.34)
      expect(value('energy_cost')).toBeCloseTo(cost, 6)
    },
  },
  {
    ...WEEK,
    name: 'export with a price of its own',
    meters: {
      'sensor.in': buys,
      'sensor.out': sells,
      'sensor.pv': sun,
      'sensor.in_cost': (i) => 0.3 * buys(i),
    },
    units: { 'sensor.in_cost': ['EUR', 1] },
    costs: { 'sensor.in': 'sensor.in_cost' },
    sources: [
      {
        type: 'grid',
        stat_energy_from: 'sensor.in',
        stat_energy_to: 'sensor.out',
        number_energy_price: 0.3,
        number_energy_price_export: 0.08,
      },
      SOLAR,
    ],
    hour: (i) => ({ fromGrid: buys(i), toGrid: sells(i), solar: sun(i) }),
    more: ({ value, statements }) => {
      let cost = 0
      for (const i of hoursOf(WEEK)) cost += 0.3 * buys(i) - 0.08 * sells(i)
      expect(value('energy_cost')).toBeCloseTo(cost, 6)
      expect(value('recorded_cost')).toBeCloseTo(0.3 * hoursOf(WEEK).reduce((sum, i) => sum + buys(i), 0), 6)
      expect(statements).toMatch(/own cost records agree: [\d.]+ EUR for the bought energy\./)
    },
  },
  {
    // The price was raised in the middle of the week: the settings only know the one of today.
    ...WEEK,
    name: 'a price that was another one before',
    meters: { 'sensor.in': load, 'sensor.in_cost': (i) => (i < 120 ? 0.2 : 0.3) * load(i) },
    units: { 'sensor.in_cost': ['EUR', 1] },
    costs: { 'sensor.in': 'sensor.in_cost' },
    sources: [{ type: 'grid', stat_energy_from: 'sensor.in', number_energy_price: 0.3 }],
    hour: (i) => ({ fromGrid: load(i) }),
    more: ({ value, statements }) => {
      const recorded = hoursOf(WEEK).reduce((sum, i) => sum + (i < 120 ? 0.2 : 0.3) * load(i), 0)
      expect(value('recorded_cost')).toBeCloseTo(recorded, 6)
      expect(statements).toMatch(/own cost records say [\d.]+ EUR .* this tariff makes it [\d.]+ EUR/)
    },
  },
  {
    ...WEEK,
    name: 'cost statistics without any price',
    meters: { 'sensor.in': load, 'sensor.in_cost': (i) => (i < 120 ? 0.2 : 0.3) * load(i) },
    units: { 'sensor.in_cost': ['EUR', 1] },
    sources: [{ type: 'grid', stat_energy_from: 'sensor.in', stat_cost: 'sensor.in_cost' }],
    hour: (i) => ({ fromGrid: load(i) }),
    more: ({ value, statements }) => {
      const recorded = hoursOf(WEEK).reduce((sum, i) => sum + (i < 120 ? 0.2 : 0.3) * load(i), 0)
      expect(value('energy_cost')).toBeCloseTo(recorded, 6)
      expect(statements).not.toContain('own cost records')
    },
  },
  {
    ...WEEK,
    name: 'gas and water',
    meters: {
      'sensor.in': load,
      'sensor.gas': (i) => 2 + noise(i, 4),
      'sensor.water': (i) => 0.01 * noise(i, 5),
      'sensor.gas_cost': (i) => 0.03 * (2 + noise(i, 4)),
    },
    units: { 'sensor.gas': ['ft³', 1], 'sensor.water': ['m³', 1], 'sensor.gas_cost': ['EUR', 1] },
    costs: { 'sensor.gas': 'sensor.gas_cost' },
    sources: [
      { type: 'grid', stat_energy_from: 'sensor.in' },
      { type: 'gas', stat_energy_from: 'sensor.gas' },
      { type: 'water', stat_energy_from: 'sensor.water' },
    ],
    hour: (i) => ({ fromGrid: load(i) }),
    more: ({ value, statements }) => {
      const cubicFeet = hoursOf(WEEK).reduce((sum, i) => sum + 2 + noise(i, 4), 0)
      const water = hoursOf(WEEK).reduce((sum, i) => sum + 0.01 * noise(i, 5), 0)
      expect(value('gas_total')).toBeCloseTo(cubicFeet * 0.028316846592, 6)
      expect(value('water_total')).toBeCloseTo(water, 6)
      expect(value('gas_cost')).toBeCloseTo(0.03 * cubicFeet, 6)
      expect(statements).toMatch(/Gas: [\d.]+ m³ for [\d.]+ EUR\. Water: [\d.]+ m³\./)
    },
  },
  {
    ...WEEK,
    name: 'device tree',
    meters: {
      'sensor.in': load,
      'sensor.circuit': (i) => 0.6 * load(i),
      'sensor.oven': (i) => 0.25 * load(i),
      'sensor.fridge': (i) => 0.1 * load(i),
      'sensor.car': (i) => 0.2 * load(i),
    },
    sources: [{ type: 'grid', stat_energy_from: 'sensor.in' }],
    devices: [
      { stat_consumption: 'sensor.circuit', name: 'Kitchen' },
      { stat_consumption: 'sensor.oven', name: 'Oven', included_in_stat: 'sensor.circuit' },
      { stat_consumption: 'sensor.fridge', name: 'Fridge', included_in_stat: 'sensor.circuit' },
      { stat_consumption: 'sensor.car', name: 'Car' },
    ],
    hour: (i) => ({ fromGrid: load(i) }),
    more: ({ value }) => {
      const total = hoursOf(WEEK).reduce((sum, i) => sum + load(i), 0)
      expect(value('device_energy', 'Kitchen')).toBeCloseTo(0.6 * total, 6)
      expect(value('untracked_energy')).toBeCloseTo(0.2 * total, 6)
    },
  },
  {
    ...WEEK,
    name: 'gaps',
    meters: { 'sensor.in': (i) => (gap(i) ? null : buys(i)), 'sensor.out': sells, 'sensor.pv': sun },
    sources: [{ type: 'grid', stat_energy_from: 'sensor.in', stat_energy_to: 'sensor.out' }, SOLAR],
    hour: (i) => ({ fromGrid: gap(i) ? null : buys(i), toGrid: sells(i), solar: sun(i) }),
    more: ({ statements }) => expect(statements).toContain('no data for 10 h'),
  },
  {
    // Home Assistant has folded a reset into the sum: the meter's own state begins anew, the change stays right.
    ...WEEK,
    name: 'resets',
    meters: { 'sensor.in': load },
    sources: [{ type: 'grid', stat_energy_from: 'sensor.in' }],
    hour: (i) => ({ fromGrid: load(i) }),
  },
  {
    // A `total` meter that was swapped without `last_reset`: one hour goes back by what the old meter showed.
    ...WEEK,
    name: 'meter swap',
    meters: { 'sensor.in': (i) => (i === 120 ? -1000 : load(i)) },
    sources: [{ type: 'grid', stat_energy_from: 'sensor.in' }],
    hour: (i) => ({ fromGrid: i === 120 ? -1000 : load(i) }),
    more: ({ statements }) => expect(statements).toContain('as after a meter swap'),
  },
  {
    name: 'half-hour time zone',
    zone: 'Asia/Kolkata',
    from: '2026-11-01T00:00:00Z',
    days: 12,
    window: ['2026-11-03T18:30:00Z', '2026-11-10T18:30:00Z'],
    meters: { 'sensor.in': buys, 'sensor.out': sells, 'sensor.pv': sun },
    sources: [{ type: 'grid', stat_energy_from: 'sensor.in', stat_energy_to: 'sensor.out' }, SOLAR],
    hour: (i) => ({ fromGrid: buys(i), toGrid: sells(i), solar: sun(i) }),
    more: ({ statements }) => expect(statements).toMatch(/whole hours of UTC/),
  },
  ...(
    [
      ['spring', '2026-03-24T00:00:00Z', ['2026-03-26T23:00:00Z', '2026-04-01T22:00:00Z'], 23],
      ['autumn', '2026-10-20T00:00:00Z', ['2026-10-21T22:00:00Z', '2026-10-28T23:00:00Z'], 25],
    ] as const
  ).map(
    ([season, from, window, hours]): Fixture => ({
      name: `clock change in ${season}`,
      from,
      days: 12,
      window,
      meters: { 'sensor.in': buys, 'sensor.out': sells, 'sensor.pv': sun },
      sources: [{ type: 'grid', stat_energy_from: 'sensor.in', stat_energy_to: 'sensor.out' }, SOLAR],
      hour: (i) => ({ fromGrid: buys(i), toGrid: sells(i), solar: sun(i) }),
      more: ({ statements }) => expect(statements).toContain(`that day has ${hours} hours`),
    }),
  ),
]

/** Numbers of the hours that begin within the window. */
function hoursOf({ from, days, window }: Pick<Fixture, 'from' | 'days' | 'window'>): number[] {
  const first = Date.parse(from)
  return Array.from({ length: days * 24 }, (_, i) => i).filter((i) => {
    const start = first + i * HOUR
    return start >= Date.parse(window[0]) && start < Date.parse(window[1])
  })
}

function worldOf(fixture: Fixture): FakeWorld {
  const world = emptyWorld({ time_zone: fixture.zone ?? 'Europe/Berlin' })
  const numbers = Array.from({ length: fixture.days * 24 }, (_, i) => i)
  world.statistics = Object.entries(fixture.meters).map(([id, of]): FakeStatistic => {
    const [unit, factor] = fixture.units?.[id] ?? ['kWh', 1]
    const unitClass = unit.includes('³') ? 'volume' : unit === 'EUR' ? null : 'energy'
    const changes = numbers.map((i) => {
      const value = of(i)
      return value === null ? null : value * factor
    })
    const made = meterOf(id, Date.parse(fixture.from), changes, { unit, unitClass })
    return fixture.name === 'resets' ? { ...made, hours: withReset(made.hours) } : made
  })
  world.preferences = { energy_sources: fixture.sources, device_consumption: fixture.devices ?? [] }
  world.costSensors = { ...fixture.costs }
  return world
}

/** From the hundredth hour on the meter counts from zero again. */
function withReset(hours: FakeStatistic['hours']): FakeStatistic['hours'] {
  const before = hours[99]?.state ?? 0
  return hours.map((row, i) => (i < 100 ? row : { ...row, state: (row.state ?? 0) - before }))
}

async function analyse(home: HomeAssistant, fixture: Fixture, now: number): Promise<Seen> {
  const [start, end] = fixture.window
  const timeZone = fixture.zone ?? 'Europe/Berlin'
  const { metrics, findings } = await analyseAt(home, now, { window: { start, end, timeZone } })
  return {
    value: (name, label = null) => metrics.find((m) => m.name === name && m.label === label)?.value,
    statements: findings.map((finding) => finding.statement).join(' '),
  }
}

/** Sums of the product's split of the rows that the adapter gives, named as in the reference. */
async function splitOf(home: HomeAssistant, fixture: Fixture): Promise<Record<string, number>> {
  const sources = (await home.energyPreferences(open()))?.sources ?? []
  const ids = Object.keys(fixture.meters)
  const span = { start: Date.parse(fixture.window[0]), end: Date.parse(fixture.window[1]) }
  const rows = await home.statistics({ ids, period: 'hour', ...span }, open())
  const series = (list: readonly string[]) =>
    list.map((id) => energySeries(id, id, rows.get(id) ?? [], 'hour'))
  const of = <T extends string>(type: T, key: 'from' | 'to') =>
    series(sources.flatMap((each) => (each.type === type && key in each ? (each as never)[key] : [])))
  const flows = alignFlows({
    gridFrom: of('grid', 'from'),
    gridTo: of('grid', 'to'),
    solar: of('solar', 'from'),
    batteryFrom: of('battery', 'from'),
    batteryTo: of('battery', 'to'),
  })
  const sums: Record<string, number> = {}
  const add = (name: string, value: number) => {
    sums[name] = (sums[name] ?? 0) + value
  }
  for (const split of flows.map(splitFlow)) {
    add('grid>battery', split.gridToBattery)
    add('solar>battery', split.solarToBattery)
    add('solar>grid', split.solarToGrid)
    add('battery>grid', split.batteryToGrid)
    add('solar>home', split.solarToHome)
    add('battery>home', split.batteryToHome)
    add('grid>home', split.gridToHome)
  }
  return sums
}

/** Within 0.1 %, or next to nothing. */
function expectNear(value: number | undefined, wanted: number): void {
  expect(Math.abs((value ?? Number.NaN) - wanted)).toBeLessThanOrEqual(
    Math.max(0.001 * Math.abs(wanted), 1e-9),
  )
}

describe('fixture homes, read from Home Assistant, against an independent implementation of its formulas', () => {
  it.each(FIXTURES.map((fixture) => [fixture.name, fixture] as const))('%s', async (_name, fixture) => {
    const now = Date.parse(fixture.from) + fixture.days * 24 * HOUR
    const { home } = await withFake({ world: worldOf(fixture) }, { now: () => now })
    const wanted = reference(hoursOf(fixture).flatMap((i) => fixture.hour(i) ?? []))
    const seen = await analyse(home, fixture, now)
    expectNear(seen.value('energy_total'), wanted.consumption)
    if (wanted.selfConsumption !== null) {
      expectNear(seen.value('self_consumption'), 100 * wanted.selfConsumption)
      expectNear(seen.value('self_sufficiency'), 100 * (wanted.selfSufficiency ?? 0))
    }
    const split = await splitOf(home, fixture)
    for (const [name, amount] of Object.entries(wanted.flows)) expectNear(split[name], amount)
    fixture.more?.(seen)
  })
})

/** The vector that Home Assistant's own rules are explained with. */
it('the reference itself gives the known vector', () => {
  const found = reference([
    { solar: 4, toBattery: 2, toGrid: 1 },
    { fromGrid: 3, toBattery: 1 },
    { fromBattery: 2 },
  ])
  expect(found.consumption).toBe(5)
  expect(found.selfSufficiency).toBeCloseTo(0.4)
  expect(found.selfConsumption).toBeCloseTo(2 / 3)
  expect(found.flows['solar>home']).toBe(1)
})
