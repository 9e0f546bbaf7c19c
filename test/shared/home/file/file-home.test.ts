import { describe, expect, it } from 'vitest'
import type { Tariff } from '../../../../shared/domain/tariff.ts'
import { toLocalIso } from '../../../../shared/domain/time/zone.ts'
import { createFileHome } from '../../../../shared/home/file/file-home.ts'
import { parseMeterFile } from '../../../../shared/home/file/meter-file.ts'
import { describeHomeSource } from '../../../contract/home-source.ts'

const ZONE = 'Europe/Berlin'
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const START = Date.parse('2026-03-19T23:00:00Z')
const open = () => ({ signal: new AbortController().signal })

/** A file of fourteen days over the change of clocks of 29 March 2026, in local times with offset. */
function makeText(minutes: number, withRate: boolean): string {
  const lines = [
    `start,grid_import_kwh,grid_export_kwh,solar_kwh,battery_in_kwh,battery_out_kwh,device:Heat pump${withRate ? ',rate,export_rate' : ''}`,
  ]
  for (let i = 0; i < (14 * DAY) / (minutes * MINUTE); i++) {
    const at = START + i * minutes * MINUTE
    const solar = (i % 7) / 100
    const cells = [toLocalIso(at, ZONE), 0.1 + (i % 13) / 100, solar / 2, solar, 0.01, 0.02, (i % 5) / 1000]
    lines.push([...cells, ...(withRate ? [0.2 + (i % 3) / 10, 0.08] : [])].join(','))
  }
  return `${lines.join('\n')}\n`
}

const parse = (text: string, currency: string | null = 'EUR') =>
  parseMeterFile(text, { timeZone: ZONE, currency, fileName: 'meter.csv' })
const FLAT: Tariff = {
  currency: 'EUR',
  standingPerDay: 0.4,
  import: [{ name: 'flat', rate: 0.3, days: 'all', from: '00:00', to: '24:00', months: null }],
  holidays: [],
  exportRate: null,
  dynamic: null,
  dynamicExport: null,
}

for (const minutes of [5, 15, 60])
  describeHomeSource(`file of ${minutes} minutes`, () =>
    createFileHome(parse(makeText(minutes, true)), { tariff: null, name: 'Meter' }),
  )
describeHomeSource('file with a tariff of its own', () =>
  createFileHome(parse(makeText(30, false)), { tariff: FLAT, name: 'Meter' }),
)

const rowsOf = async (
  home: ReturnType<typeof createFileHome>,
  id: string,
  period: '5minute' | 'hour' | 'day' | 'month',
) => (await home.statistics({ ids: [id], period, start: START, end: START + 20 * DAY }, open())).get(id) ?? []

describe('createFileHome', () => {
  it('has its present at the end of its data and says so', async () => {
    const home = createFileHome(parse(makeText(15, false)), { tariff: null, name: 'Meter' })
    const info = await home.info(open())
    expect(info).toMatchObject({ id: 'file', name: 'Meter', source: 'file', timeZone: ZONE, currency: 'EUR' })
    expect(info.now).toBe(new Date(START + 14 * DAY).toISOString())
    expect(info.dataStart).toBe(new Date(START).toISOString())
    expect(info.dataEnd).toBe(info.now)
    expect(info.notes.join(' ')).toContain('meter.csv')
    expect(info.notes.join(' ')).toContain('Fri 3 Apr 2026, 01:00')
  })

  it('derives energy preferences from the columns', async () => {
    const home = createFileHome(parse(makeText(60, false)), { tariff: null, name: 'Meter' })
    const preferences = await home.energyPreferences(open())
    expect(preferences?.sources).toEqual([
      { type: 'grid', from: ['file:grid_import'], to: ['file:grid_export'], cost: [], compensation: [] },
      { type: 'solar', from: 'file:solar' },
      { type: 'battery', from: 'file:battery_out', to: 'file:battery_in' },
    ])
    expect(preferences?.devices).toEqual([
      { statistic: 'file:device_heat_pump', name: 'Heat pump', includedIn: null },
    ])
    expect(preferences?.power['file:grid_import']).toBe('file:grid_import_power')
  })

  it('has five-minute rows only from a five-minute file', async () => {
    const five = createFileHome(parse(makeText(5, false)), { tariff: null, name: 'Meter' })
    const quarter = createFileHome(parse(makeText(15, false)), { tariff: null, name: 'Meter' })
    expect(await rowsOf(five, 'file:grid_import_power', '5minute')).toHaveLength(14 * 288)
    expect(await rowsOf(quarter, 'file:grid_import_power', '5minute')).toEqual([])
  })

  it('keeps the extremes of the intervals within an hour of power', async () => {
    const home = createFileHome(parse(makeText(15, false)), { tariff: null, name: 'Meter' })
    const [row] = await rowsOf(home, 'file:grid_import_power', 'hour')
    expect(row).toMatchObject({ min: 400 })
    expect(row?.mean).toBeCloseTo(460, 9)
    expect(row?.max).toBeCloseTo(520, 9)
  })

  it('cuts days in local time: that of the change of clocks has 23 hours', async () => {
    const home = createFileHome(parse(makeText(60, false)), { tariff: null, name: 'Meter' })
    const days = await rowsOf(home, 'file:grid_import', 'day')
    const spring = days.find((row) => row.start === Date.parse('2026-03-28T23:00:00Z'))
    expect(((spring?.end ?? 0) - (spring?.start ?? 0)) / HOUR).toBe(23)
    const months = await rowsOf(home, 'file:grid_import', 'month')
    expect(months.map((row) => new Date(row.start).toISOString())).toEqual([
      '2026-02-28T23:00:00.000Z',
      '2026-03-31T22:00:00.000Z',
    ])
    const hours = await rowsOf(home, 'file:grid_import', 'hour')
    expect(months.at(-1)?.sum).toBe(hours.at(-1)?.sum)
  })

  it('takes a rate column as a tariff when there is a currency, and prices hours so that cost is exact', async () => {
    const text = makeText(15, true)
    const home = createFileHome(parse(text), { tariff: null, name: 'Meter' })
    expect(await home.tariff(open())).toMatchObject({
      currency: 'EUR',
      dynamic: 'file:rate',
      dynamicExport: 'file:export_rate',
    })
    const exact = text
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(',').map(Number))
      .reduce((sum, cells) => sum + (cells[1] ?? 0) * (cells[7] ?? 0), 0)
    const energy = await rowsOf(home, 'file:grid_import', 'hour')
    const prices = await rowsOf(home, 'file:rate', 'hour')
    const cost = energy.reduce((sum, row, i) => sum + (row.change ?? 0) * (prices[i]?.mean ?? 0), 0)
    expect(cost).toBeCloseTo(exact, 9)
    expect(await createFileHome(parse(text, null), { tariff: null, name: 'Meter' }).tariff(open())).toBeNull()
  })

  it('follows a tariff file rather than the rate column, and says so', async () => {
    const home = createFileHome(parse(makeText(60, true), null), { tariff: FLAT, name: 'Meter' })
    const info = await home.info(open())
    expect(await home.tariff(open())).toBe(FLAT)
    expect(info.currency).toBe('EUR')
    expect(info.notes).toContain('Costs follow the tariff file, not the rate column.')
  })

  it('tells the notes of a span, at most fifty', async () => {
    const lines = makeText(60, false).trim().split('\n')
    const gappy = lines.filter((_, i) => i < 100 || i % 2 === 0).join('\n')
    // every second hour is missing over the larger part: the interval is told by the rest
    const file = parse(`${lines.slice(0, 250).join('\n')}\n${gappy.split('\n').slice(-40).join('\n')}`)
    const home = createFileHome(file, { tariff: null, name: 'Meter' })
    const all = await home.notes({ start: START, end: START + 20 * DAY }, open())
    expect(all.filter((note) => note.kind === 'gap').length).toBeGreaterThan(30)
    expect(all.length).toBeLessThanOrEqual(51)
    expect(await home.notes({ start: START, end: START + 5 * DAY }, open())).toEqual([])
    expect((await home.info(open())).notes.join(' ')).toMatch(/The file has \d+ gaps/)
  })
})
