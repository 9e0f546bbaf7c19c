import { describe, expect, it } from 'vitest'
import type { Tariff } from '../../../../shared/domain/tariff.ts'
import { createMeterHome } from '../../../fakes/meter-home.ts'
import { aWeek } from '../../../fakes/records.ts'
import { analyse, START, WEEK_HOURS } from './analyse.ts'

const HOUR = 3_600_000
const before = START - WEEK_HOURS * HOUR
const meters = createMeterHome({
  start: before,
  hours: 2 * WEEK_HOURS,
  columns: ['grid_import_kwh', 'device:Heat pump', 'device:Fridge'],
  row: (hour) => (hour < WEEK_HOURS ? [1, 0.4, 0.1] : [0.75, 0.2, 0.15]),
})
const tariff: Tariff = {
  currency: 'EUR',
  standingPerDay: 1,
  import: [{ name: 'all', rate: 0.5, days: 'all', from: '00:00', to: '24:00', months: null }],
  holidays: [],
  exportRate: null,
  dynamic: null,
  dynamicExport: null,
}
const home = { ...meters, tariff: async () => tariff }
const compare = { ...aWeek, start: new Date(before).toISOString(), end: aWeek.start }
const ask = async (question: string, focus: readonly ('comparison' | 'cost' | 'devices')[]) =>
  (await analyse(home, { question, focus, compare })).finding('comparison')?.statement ?? ''

describe('a comparison opens with what is asked', () => {
  it('the home by default, with the devices that changed most', async () => {
    const text = await ask('How does this week compare?', ['comparison', 'devices'])
    expect(text).toMatch(
      /^The home used 126 kWh, 42 kWh less than from .* \(168 kWh, -25 %\)\. It cost 21\.00 EUR less/,
    )
    expect(text).toMatch(/these changed most: Heat pump 33\.6 kWh less, Fridge 8\.4 kWh more\.$/)
  })

  it('money where the question is about money, and what it wrongly takes for granted before all', async () => {
    const text = await ask("Why was last week's bill so high?", ['comparison', 'cost'])
    expect(text).toMatch(
      /^It was not higher than from 10 Nov 2026 to 16 Nov 2026: electricity cost 21\.00 EUR less than then: 70\.00 EUR against 91\.00 EUR\./,
    )
  })

  it('the device where the question wrongly takes its use for high or low, whatever the home did', async () => {
    expect(await ask('Why was the heat pump so high?', ['comparison', 'devices'])).toMatch(
      /^It was not higher than from .*: Heat pump used 33\.6 kWh, 33\.6 kWh less than then \(67\.2 kWh\)\. The home/,
    )
    expect(await ask('Why was the fridge so high?', ['comparison', 'devices'])).toMatch(
      /^Fridge used 25\.2 kWh/,
    )
    expect(await ask('Why was the fridge so low?', ['comparison', 'devices'])).toMatch(
      /^It was not lower than /,
    )
  })

  it('a rise that is hardly one', async () => {
    const same = createMeterHome({
      start: before,
      hours: 2 * WEEK_HOURS,
      columns: ['grid_import_kwh'],
      row: (hour) => [hour < WEEK_HOURS ? 1 : 1.01],
    })
    const { finding } = await analyse(same, {
      question: 'Why was last week so high?',
      focus: ['comparison'],
      compare,
    })
    expect(finding('comparison')?.statement).toMatch(
      /^It was hardly higher than from 10 Nov 2026 to 16 Nov 2026: the home used 169\.68 kWh, 1\.68 kWh more than then/,
    )
  })

  it('equal weeks are as much as each other', async () => {
    const even = createMeterHome({
      start: before,
      hours: 2 * WEEK_HOURS,
      columns: ['grid_import_kwh'],
      row: () => [1],
    })
    const { finding } = await analyse(even, { question: 'Compare', focus: ['comparison'], compare })
    expect(finding('comparison')?.statement).toMatch(/^The home used 168 kWh, as much as from /)
  })

  it('the device that the question names', async () => {
    const text = await ask('Did the fridge use more than the week before?', ['comparison', 'devices'])
    expect(text).toMatch(/^Fridge used 25\.2 kWh, 8\.4 kWh more than from .* \(16\.8 kWh\)\. The home used/)
  })
})
