import { expect, it } from 'vitest'
import { createMeterHome } from '../../../fakes/meter-home.ts'
import { analyse, START, WEEK_HOURS } from './analyse.ts'

const isNight = (hour: number) => hour % 24 < 6 || hour % 24 >= 22
const home = createMeterHome({
  start: START,
  hours: WEEK_HOURS,
  columns: ['grid_import_kwh', 'device:Rack'],
  row: (hour) => (isNight(hour) ? [0.25, 0.1] : [1, 0.1]),
})

it('opens with what the home uses at night, and names devices after it', async () => {
  const { finding, value } = await analyse(home, { focus: ['night'] })
  expect(value('night_power')).toBeCloseTo(250)
  expect(finding('night')?.statement).toBe(
    'At night (22:00 to 06:00) the home used 14 kWh, 250 W on average. Of the measured devices Rack used most: 5.6 kWh.',
  )
})

it('opens with the devices where these are asked for', async () => {
  const { finding } = await analyse(home, { focus: ['night', 'devices'] })
  expect(finding('night')?.statement).toBe(
    'At night (22:00 to 06:00) Rack used most: 5.6 kWh. In all the home used 14 kWh, 250 W on average.',
  )
})
