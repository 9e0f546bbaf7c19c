import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createDemoHome } from '../../../../shared/home/demo/demo-home.ts'

const NOW = Date.parse('2026-11-24T10:07:00Z')
const SLOT = 300_000
const HOUR = 12 * SLOT
const DAY = 24 * HOUR
const home = createDemoHome({ now: () => NOW })
const open = () => ({ signal: new AbortController().signal })
const hours = fc.integer({ min: 2, max: 420 * 24 }).map((back) => Math.floor(NOW / HOUR) * HOUR - back * HOUR)
const METERS = [
  'sensor.grid_import_energy',
  'sensor.grid_export_energy',
  'sensor.solar_energy',
  'sensor.heat_pump_energy',
]
const POWERS = ['sensor.home_power', 'sensor.grid_import_power', 'sensor.kitchen_circuit_power']

const read = (
  ids: readonly string[],
  period: '5minute' | 'hour' | 'day' | 'month',
  start: number,
  end: number,
) => home.statistics({ ids, period, start, end }, open())

describe('statistics of the demo home', () => {
  it('has hours that are exactly the sums of their five minutes', async () => {
    await fc.assert(
      fc.asyncProperty(hours, async (start) => {
        const hour = await read([...METERS, ...POWERS], 'hour', start, start + HOUR)
        const slots = await read([...METERS, ...POWERS], '5minute', start, start + HOUR)
        for (const id of METERS) {
          const parts = slots.get(id) ?? []
          expect(parts).toHaveLength(12)
          expect(parts.reduce((sum, row) => sum + (row.change ?? 0), 0)).toBe(hour.get(id)?.[0]?.change)
          expect(parts.at(-1)?.sum).toBe(hour.get(id)?.[0]?.sum)
        }
        for (const id of POWERS) {
          const parts = slots.get(id) ?? []
          const [row] = hour.get(id) ?? []
          expect(parts.reduce((sum, part) => sum + (part.mean ?? 0), 0) / 12).toBe(row?.mean)
          expect(Math.min(...parts.map((part) => part.min ?? 0))).toBe(row?.min)
          expect(Math.max(...parts.map((part) => part.max ?? 0))).toBe(row?.max)
        }
      }),
      { numRuns: 40 },
    )
  })

  it('reads at random what it reads in sequence, and from another home of the same seed', async () => {
    const start = Math.floor(NOW / DAY) * DAY - 20 * DAY
    const whole = await read(
      [...METERS, ...POWERS, 'sensor.hallway_temperature'],
      'hour',
      start,
      start + 19 * DAY,
    )
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 18 * 24 }),
        fc.constantFrom(...whole.keys()),
        async (back, id) => {
          const at = start + back * HOUR
          const fresh = createDemoHome({ now: () => NOW })
          const one = await fresh.statistics({ ids: [id], period: 'hour', start: at, end: at + HOUR }, open())
          expect(one.get(id) ?? []).toEqual((whole.get(id) ?? []).filter((row) => row.start === at))
        },
      ),
      { numRuns: 8 },
    )
  })

  it('keeps electricity in balance in every five minutes', async () => {
    await fc.assert(
      fc.asyncProperty(hours, async (start) => {
        const ids = [
          'sensor.home_power',
          'sensor.solar_power',
          'sensor.grid_import_power',
          'sensor.grid_export_power',
        ]
        const rows = await read(ids, '5minute', start, start + HOUR)
        for (let i = 0; i < 12; i++) {
          const [use = 0, solar = 0, bought = 0, sold = 0] = ids.map((id) => rows.get(id)?.[i]?.mean)
          expect(bought + solar - sold).toBe(use)
          expect(Math.min(bought, sold)).toBe(0)
        }
      }),
      { numRuns: 40 },
    )
  })

  it('has device meters that are parts of the home, circuits above what hangs on them', async () => {
    const preferences = await home.energyPreferences(open())
    const devices = preferences?.devices ?? []
    const span = [NOW - 30 * DAY, NOW - DAY] as const
    const rows = await read([...METERS, ...devices.map((one) => one.statistic)], 'day', ...span)
    const sum = (id: string) => (rows.get(id) ?? []).reduce((total, row) => total + (row.change ?? 0), 0)
    const used =
      sum('sensor.grid_import_energy') + sum('sensor.solar_energy') - sum('sensor.grid_export_energy')
    const roots = devices.filter((one) => one.includedIn === null)
    const tracked = roots.reduce((total, one) => total + sum(one.statistic), 0)
    expect(tracked).toBeLessThan(used)
    expect(tracked).toBeGreaterThan(0.6 * used)
    for (const circuit of ['sensor.kitchen_circuit_energy', 'sensor.utility_room_circuit_energy']) {
      const parts = devices.filter((one) => one.includedIn === circuit)
      expect(parts.length).toBeGreaterThan(1)
      expect(parts.reduce((total, one) => total + sum(one.statistic), 0)).toBeLessThanOrEqual(sum(circuit))
    }
  })

  it('cuts days and months in local time and holds what there is at the edges', async () => {
    const [id = ''] = METERS
    const october = (
      await read([id], 'day', Date.parse('2026-10-24T10:00:00Z'), Date.parse('2026-10-26T10:00:00Z'))
    ).get(id)
    expect(october?.map((row) => (row.end - row.start) / HOUR)).toEqual([24, 25, 24])
    expect(october?.[0]?.start).toBe(Date.parse('2026-10-23T22:00:00Z'))
    const months = (await read([id], 'month', NOW - 60 * DAY, NOW)).get(id) ?? []
    expect(months.map((row) => new Date(row.start).toISOString())).toEqual([
      '2026-08-31T22:00:00.000Z',
      '2026-09-30T22:00:00.000Z',
      '2026-10-31T23:00:00.000Z',
    ])
    const november = (await read([id], 'hour', months[2]?.start ?? 0, NOW)).get(id) ?? []
    expect(november.reduce((total, row) => total + (row.change ?? 0), 0)).toBe(months[2]?.change)
  })

  it('ends hours at the last whole hour and five minutes at the last whole five', async () => {
    const [id = ''] = METERS
    expect((await read([id], 'hour', NOW - DAY, NOW)).get(id)?.at(-1)?.end).toBe(
      Date.parse('2026-11-24T10:00:00Z'),
    )
    expect((await read([id], '5minute', NOW - DAY, NOW)).get(id)?.at(-1)?.end).toBe(
      Date.parse('2026-11-24T10:05:00Z'),
    )
  })

  it('has no rows for a sensor while it is unavailable', async () => {
    const { faults } = home.truth({ start: NOW - 7 * DAY, end: NOW })
    const outage = faults.find((one) => one.kind === 'outage')
    const span = [outage?.start ?? 0, outage?.end ?? 0] as const
    const rows = await read(
      ['sensor.office_temperature', 'sensor.outdoor_temperature'],
      'hour',
      span[0] - HOUR,
      span[1] + 2 * HOUR,
    )
    expect(rows.get('sensor.office_temperature')?.length).toBeLessThan(
      rows.get('sensor.outdoor_temperature')?.length ?? 0,
    )
    expect((await read(['sensor.bathroom_window_battery'], 'hour', NOW - DAY, NOW)).size).toBe(0)
  })
})
