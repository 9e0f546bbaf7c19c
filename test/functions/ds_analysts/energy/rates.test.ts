import { expect, it } from 'vitest'
import { DEMO_TARIFF } from '../../../../shared/home/demo/tariff.ts'
import { createMeterHome } from '../../../fakes/meter-home.ts'
import { analyse, START } from './analyse.ts'

const meters = createMeterHome({ start: START, hours: 48, columns: ['grid_import_kwh'], row: () => [1] })
const home = { ...meters, tariff: async () => DEMO_TARIFF }
const ask = async (question: string) =>
  (await analyse(home, { question, focus: ['cost'] })).finding('cost')?.statement

it('opens with the rates where these are asked for, and else with the bill', async () => {
  expect(await ask('When is electricity cheapest?')).toMatch(
    /^The cheapest rate is night with 0\.24 EUR a kWh \(.*22:00.*\), the dearest peak with 0\.39 EUR a kWh \(17:00 to 21:00 on working days\)\. Electricity cost /,
  )
  expect(await ask('What did electricity cost?')).toMatch(/^Electricity cost /)
})
