import { describe, expect, it } from 'vitest'
import type { Tariff } from '../../../../shared/domain/tariff.ts'
import { createMeterHome } from '../../../fakes/meter-home.ts'
import { analyse, START, WEEK_HOURS } from './analyse.ts'

const band = (name: string, rate: number, from: string, to: string) =>
  ({ name, rate, from, to, days: 'all', months: null }) as const
const tariff: Tariff = {
  currency: 'EUR',
  standingPerDay: 0,
  import: [
    band('peak', 0.4, '17:00', '21:00'),
    band('night', 0.2, '22:00', '06:00'),
    band('day', 0.3, '00:00', '24:00'),
  ],
  holidays: [],
  exportRate: null,
  dynamic: null,
  dynamicExport: null,
}
const meters = createMeterHome({
  start: START,
  hours: WEEK_HOURS,
  columns: ['grid_import_kwh', 'device:EV charger', 'device:Rack'],
  // The car charges for an hour each evening; the rack runs on.
  row: (hour) => (hour % 24 === 18 ? [4, 3, 0.2] : [0.5, 0, 0.2]),
})
const home = { ...meters, tariff: async () => tariff }
const ask = async (question: string, focus: readonly ('devices' | 'cost')[]) =>
  (await analyse(home, { question, focus })).finding('devices')?.statement

describe('devices', () => {
  it('names the one that uses most first, and prices none unasked', async () => {
    expect(await ask('Which device uses most?', ['devices'])).toMatch(
      /^Rack used most: 33\.6 kWh \([\d.]+ %\), then EV charger 21 kWh \([\d.]+ %\)\. [\d.]+ kWh were not measured/,
    )
  })

  it('ranks by money where money is asked about, and tells what the dear hours add', async () => {
    const text = await ask('Which device costs most?', ['devices', 'cost'])
    expect(text).toMatch(
      /^Rack cost most: 33\.6 kWh \([\d.]+ %, 9\.52 EUR\), then EV charger 21 kWh \([\d.]+ %, 8\.40 EUR\)\./,
    )
    expect(text).toContain(
      'EV charger took 21 kWh at the dearest rate (peak, 0.40 EUR a kWh); at the cheapest (night, 0.20 EUR) that would have cost 4.20 EUR less.',
    )
  })

  it('says that a device which the question names has no meter', async () => {
    expect(await ask('How much did the sauna use?', ['devices'])).toMatch(
      /^No device meter here goes by the name “sauna”\. Rack used most/,
    )
  })

  it('says nothing of dear hours about a load that runs on evenly', async () => {
    expect(await ask('What did the rack cost?', ['devices', 'cost'])).not.toContain('dearest')
  })

  it('keeps to the device that the question names', async () => {
    const text = await ask('What did the car cost?', ['devices', 'cost'])
    expect(text).toMatch(/^EV charger used 21 kWh, .* worth 8\.40 EUR/)
    expect(text).not.toContain('Rack')
  })
})
