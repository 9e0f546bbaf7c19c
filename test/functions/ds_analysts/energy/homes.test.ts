import { describe, expect, it } from 'vitest'
import { guessSources } from '../../../../functions/ds_analysts/energy/sources.ts'
import type { StatisticMeta } from '../../../../shared/domain/home-data.ts'
import { createDemoHome } from '../../../../shared/home/demo/demo-home.ts'
import type { HomeSource } from '../../../../shared/home/port.ts'
import { createMeterHome } from '../../../fakes/meter-home.ts'
import { aRequest, aWeek } from '../../../fakes/records.ts'
import { analyse, START, WEEK_HOURS } from './analyse.ts'

const hourOf = (hour: number) => hour % 24

describe('a home with solar and no battery', () => {
  // By day 3 kWh of sun, 1 used and 2 returned; else 0.5 from the grid.
  const sunny = (hour: number) => hourOf(hour) >= 10 && hourOf(hour) < 16
  const home = createMeterHome({
    start: START,
    hours: WEEK_HOURS,
    columns: ['grid_import_kwh', 'grid_export_kwh', 'solar_kwh'],
    row: (hour) => (sunny(hour) ? [0, 2, 3] : [0.5, 0, 0]),
  })
  it('tells consumption, self-consumption and self-sufficiency by their definitions', async () => {
    const { value } = await analyse(home)
    expect(value('energy_total')).toBeCloseTo(7 * (6 + 9))
    expect(value('solar_energy')).toBeCloseTo(7 * 18)
    expect(value('self_consumption')).toBeCloseTo(100 / 3)
    expect(value('self_sufficiency')).toBeCloseTo(100 * (1 - 9 / 15))
  })

  it('knows no more of its use than its grid meter does: the sun alone is not the whole', async () => {
    const patchy = createMeterHome({
      start: START,
      hours: WEEK_HOURS,
      columns: ['grid_import_kwh', 'solar_kwh'],
      row: (hour) => [1, sunny(hour) ? 1 : 0],
    })
    const lost: HomeSource = {
      ...patchy,
      async statistics(query, options) {
        const all = await patchy.statistics(query, options)
        return new Map(
          [...all].map(([id, rows]) => [
            id,
            id.includes('grid_import') ? rows.filter((r) => r.start < START + 84 * 3_600_000) : rows,
          ]),
        )
      },
    }
    const { factor } = await analyse(lost, { focus: ['total'] })
    expect(factor('total', 'coverage')).toBeLessThanOrEqual(0.5)
  })
})

describe('a home with a battery', () => {
  // Home Assistant's vector, repeated: solar 4 (2 into the battery, 1 returned); grid 3 (1 into it); 2 out of it.
  const cycle = [
    [0, 1, 4, 2, 0],
    [3, 0, 0, 1, 0],
    [0, 0, 0, 0, 2],
  ]
  const home = createMeterHome({
    start: START,
    hours: WEEK_HOURS,
    columns: ['grid_import_kwh', 'grid_export_kwh', 'solar_kwh', 'battery_in_kwh', 'battery_out_kwh'],
    row: (hour) => cycle[hour % 3]!,
  })
  it('walks the battery last in, first out', async () => {
    const { value } = await analyse(home)
    expect(value('energy_total')).toBeCloseTo(5 * 56)
    expect(value('self_consumption')).toBeCloseTo(200 / 3)
    expect(value('self_sufficiency')).toBeCloseTo(40)
  })
})

describe('a home with several grid meters', () => {
  it('adds them up', async () => {
    const home = createMeterHome({
      start: START,
      hours: WEEK_HOURS,
      columns: ['grid_import_kwh', 'device:Second meter'],
      row: () => [1, 2],
    })
    const ids = (await home.statisticIds({ signal: AbortSignal.any([]) }))
      .filter((meta) => meta.hasSum)
      .map((meta) => meta.id)
    const both: HomeSource = {
      ...home,
      energyPreferences: async () => ({
        sources: [{ type: 'grid', from: ids, to: [], cost: [], compensation: [] }],
        supplies: [],
        devices: [],
        power: {},
      }),
    }
    const { value, finding } = await analyse(both)
    expect(value('energy_total')).toBeCloseTo(3 * WEEK_HOURS)
    expect(finding('solar')).toBeUndefined()
  })
})

describe('a home without energy preferences', () => {
  it('takes the meter of the grid, and says that it was a guess', async () => {
    const demo = createDemoHome({ now: () => Date.parse('2026-11-24T10:00:00Z') })
    const truth = demo.truth({ start: START, end: Date.parse(aWeek.end) })
    const { value, finding } = await analyse({ ...demo, energyPreferences: async () => null })
    expect(Math.abs((value('energy_total') ?? 0) - truth.totalKwh) / truth.totalKwh).toBeLessThan(0.005)
    expect(finding('quality')?.statement).toContain('No energy preferences are set')
  })

  it('takes all registers of one meter', () => {
    const meter = (id: string, name: string): StatisticMeta => ({
      id,
      name,
      unit: 'kWh',
      hasMean: false,
      hasSum: true,
    })
    const { gridFrom, gridTo, devices } = guessSources({ areas: [], devices: [], entities: [] }, [
      meter('sensor.a', 'Grid import tariff 1'),
      meter('sensor.b', 'Grid import tariff 2'),
      meter('sensor.c', 'Grid return tariff 1'),
      meter('sensor.d', 'Fridge'),
    ])
    expect(gridFrom).toEqual(['sensor.a', 'sensor.b'])
    expect(gridTo).toEqual(['sensor.c'])
    expect(devices.map((device) => device.statistic)).toEqual(['sensor.d'])
  })
})

describe('a home with a grid meter alone, full of gaps', () => {
  const home = createMeterHome({
    start: START,
    hours: WEEK_HOURS,
    columns: ['grid_import_kwh'],
    row: (hour) => (hour % 5 === 1 ? null : [0.3]),
  })
  it('says what it cannot tell of what was asked, and counts the gaps', async () => {
    const { finding } = await analyse(home, {
      question: 'What do my devices cost, and how much solar is there?',
      focus: ['cost', 'devices', 'solar'],
    })
    expect(finding('cost')?.statement).toBe(
      'This home does not tell what electricity costs, because it has no tariff. Set HOME_TARIFF to a tariff file to have it, or HOME_CURRENCY where the file has a rate column.',
    )
    expect(finding('devices')?.statement).toContain(
      'none of them has a meter of its own. Add a column “device:<name>”',
    )
    expect(finding('solar')?.statement).toContain('no meter of it measures any. Add a column “solar_kwh”')
    expect(finding('quality')?.statement).toMatch(
      /There are 34 gaps in these days, 34 h in all\. The first: 1 row is missing from Tue 17 Nov 2026, 01:00/,
    )
  })

  it('says nothing of what is only looked into for an explanation', async () => {
    const { finding } = await analyse(home, {
      question: 'Why was last week so high?',
      focus: ['comparison', 'devices', 'peak'],
    })
    expect(finding('devices')).toBeUndefined()
  })

  it('says nothing of it where only the whole picture is asked for', async () => {
    const { finding } = await analyse(home, { focus: ['overview'] })
    expect(finding('cost')).toBeUndefined()
  })
})

describe('too few nights for a baseload', () => {
  const home = createMeterHome({
    start: START - 14 * 24 * 3_600_000,
    hours: WEEK_HOURS + 14 * 24,
    columns: ['grid_import_kwh'],
    row: () => [0.3],
  })
  const day = { ...aWeek, start: new Date(Date.parse(aWeek.end) - 86_400_000).toISOString() }
  it('is a finding of low confidence without a figure, which more days mend', async () => {
    const first = await analyse(home, { window: day, focus: ['baseload'] })
    expect(first.finding('baseload')?.statement).toMatch(/takes 3 nights with data, and there is 1/)
    expect(first.value('baseload_p5')).toBeUndefined()
    expect(first.finding('baseload')?.confidence.value).toBeCloseTo(1 / 3)
    const second = await analyse(home, {
      window: day,
      focus: ['baseload'],
      strategy: { ...aRequest().strategy, attempt: 2, extraDays: 14 },
    })
    expect(second.value('baseload_p5')).toBeCloseTo(300)
    expect(second.value('baseload_share')).toBeCloseTo(100)
    expect(second.finding('baseload')?.confidence.value).toBeGreaterThan(0.7)
    // Hourly means cannot confirm each other.
    expect(second.factor('baseload', 'agreement')).toBe(0.8)
    expect(second.finding('baseload')?.statement).toMatch(
      /^At most about 300 W run all the time.* That is an upper bound/,
    )
    expect(second.finding('baseload')?.statement).not.toContain('most frequent')
  })
})

describe('a meter with many holes', () => {
  it('counts each of them, told or not', async () => {
    const home = createMeterHome({
      start: START,
      hours: WEEK_HOURS,
      columns: ['grid_import_kwh'],
      row: (hour) => (hour % 3 === 2 ? null : [0.4 + (hour % 5) / 10]),
    })
    const { finding, value } = await analyse(home)
    // 55 holes (of the 56 missing hours the last is where the data ends), and the low coverage.
    expect(value('flag_count')).toBe(56)
    expect(finding('quality')?.statement).toMatch(
      /^About the data: There are 55 gaps in these days, 2\.3 days in all\. The first: 1 row is missing from Tue 17 Nov 2026, 02:00/,
    )
    expect(finding('quality')?.statement).not.toContain('more of the kind')
  })
})
