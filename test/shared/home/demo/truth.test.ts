import { describe, expect, it } from 'vitest'
import { localParts } from '../../../../shared/domain/time/zone.ts'
import { createDemoHome } from '../../../../shared/home/demo/demo-home.ts'
import { DEMO_TARIFF } from '../../../../shared/home/demo/tariff.ts'

const NOW = Date.parse('2026-11-24T10:07:00Z')
const DAY = 86_400_000
const WEEK = { start: Date.parse('2026-11-16T23:00:00Z'), end: Date.parse('2026-11-23T23:00:00Z') }
const home = createDemoHome({ now: () => NOW })
const open = () => ({ signal: new AbortController().signal })

async function sumOf(id: string): Promise<number> {
  const rows = await home.statistics({ ids: [id], period: 'hour', ...WEEK }, open())
  return (rows.get(id) ?? []).reduce((total, row) => total + (row.change ?? 0), 0)
}

/** Baseload by both of its definitions, over one span of the home's own power. */
async function baseload(one: ReturnType<typeof createDemoHome>, span: { start: number; end: number }) {
  const ids = ['sensor.home_power']
  const slots =
    (await one.statistics({ ids, period: '5minute', ...span }, open())).get('sensor.home_power') ?? []
  const hours =
    (await one.statistics({ ids, period: 'hour', ...span }, open())).get('sensor.home_power') ?? []
  const sorted = slots.map((row) => row.mean ?? 0).sort((a, b) => a - b)
  const bins = new Map<number, number>()
  for (const row of hours) {
    const bin = Math.floor((row.min ?? 0) / 10) * 10 + 5
    bins.set(bin, (bins.get(bin) ?? 0) + 1)
  }
  const [mode] = [...bins].sort((a, b) => b[1] - a[1])
  return { p5: sorted[Math.floor(sorted.length * 0.05)] ?? 0, mode: mode?.[0] ?? 0 }
}

describe('truth of the demo home', () => {
  it('agrees with the statistics', async () => {
    const truth = home.truth(WEEK)
    expect(truth.gridImportKwh).toBe(await sumOf('sensor.grid_import_energy'))
    expect(truth.exportKwh).toBe(await sumOf('sensor.grid_export_energy'))
    expect(truth.solarKwh).toBe(await sumOf('sensor.solar_energy'))
    expect(truth.totalKwh).toBe(truth.gridImportKwh + truth.solarKwh - truth.exportKwh)
    expect(truth.devices['Heat pump']).toBe(await sumOf('sensor.heat_pump_energy'))
  })

  it('costs what the tariff says, hour by hour', async () => {
    const id = 'sensor.grid_import_energy'
    const rows = (await home.statistics({ ids: [id], period: 'hour', ...WEEK }, open())).get(id) ?? []
    let cost = 7 * DEMO_TARIFF.standingPerDay - home.truth(WEEK).exportKwh * (DEMO_TARIFF.exportRate ?? 0)
    for (const row of rows) {
      const { hour, weekday } = localParts(row.start, 'Europe/Berlin')
      const time = `${String(hour).padStart(2, '0')}:00`
      const days = weekday <= 5 ? 'working' : 'weekend'
      const band = DEMO_TARIFF.import.find(
        (one) => (one.days === 'all' || one.days === days) && one.from <= time && time < one.to,
      )
      cost += (row.change ?? 0) * (band?.rate ?? Number.NaN)
    }
    expect(home.truth(WEEK).cost).toBeCloseTo(cost, 9)
  })

  it('has peaks that no window exceeds, longer ones lower', async () => {
    const { peak15, peak30, peak60, gridPeak60 } = home.truth(WEEK)
    const id = 'sensor.home_power'
    const rows = (await home.statistics({ ids: [id], period: '5minute', ...WEEK }, open())).get(id) ?? []
    const mean = (from: number, n: number) =>
      rows.slice(from, from + n).reduce((sum, row) => sum + (row.mean ?? 0), 0) / n / 1000
    const best = Math.max(...rows.slice(0, -2).map((_, i) => mean(i, 3)))
    expect(peak15.kw).toBeCloseTo(best, 9)
    expect(mean((peak15.startMs - WEEK.start) / 300_000, 3)).toBeCloseTo(peak15.kw, 9)
    expect(peak30.kw).toBeLessThanOrEqual(peak15.kw)
    expect(peak60.kw).toBeLessThanOrEqual(peak30.kw)
    expect(gridPeak60.kw).toBeLessThanOrEqual(peak60.kw)
  })

  it.each([20_241, 3, 77])(
    'plants an always-on load that both definitions of baseload find (seed %i)',
    async (seed) => {
      for (const iso of [
        '2026-01-29T09:00:00Z',
        '2026-07-02T10:00:00Z',
        '2026-11-24T10:00:00Z',
        '2026-12-30T08:00:00Z',
      ]) {
        const now = Date.parse(iso)
        const one = createDemoHome({ now: () => now, seed })
        const end = Math.floor(now / DAY) * DAY - 3_600_000
        const { alwaysOnW } = one.truth({ start: end - DAY, end })
        const found = await baseload(one, { start: end - 7 * DAY, end })
        expect(Math.abs(found.p5 / alwaysOnW - 1), iso).toBeLessThan(0.05)
        expect(Math.abs(found.mode / alwaysOnW - 1), iso).toBeLessThan(0.05)
      }
    },
  )

  it('has every planted fault in any seven days', () => {
    for (let day = 0; day < 7; day++) {
      const end = NOW - day * DAY
      const kinds = new Set(home.truth({ start: end - 7 * DAY, end }).faults.map((one) => one.kind))
      expect(kinds.size).toBe(12)
    }
  })

  it('shows a fridge-freezer that uses more from week to week', () => {
    const week = (back: number) =>
      home.truth({ start: WEEK.start - back * 7 * DAY, end: WEEK.end - back * 7 * DAY }).devices[
        'Fridge-freezer'
      ] ?? 0
    const uses = [12, 8, 4, 0].map(week)
    expect(uses).toEqual([...uses].sort((a, b) => a - b))
    expect(week(0)).toBeGreaterThan(1.1 * week(4))
    expect(week(30)).toBeCloseTo(week(40), 0)
  })
})
