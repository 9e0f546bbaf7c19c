import { expect, it } from 'vitest'
import { generateHousehold } from './generated-household.ts'
import { localTime, truthOf } from './household.ts'
import { parseHouseholdFile } from './household-file.ts'

const HEAD = 'DateTime,Consumption kWh,Off-peak,Mid-peak,On-peak'

it('reads midnight under the day that ends, and on across the change of the clock', () => {
  const text = [
    HEAD,
    '03/10/2012 23:00:00,0.33,1,0,0',
    '03/10/2012 00:00:00,0.34,1,0,0',
    '03/11/2012 01:00:00,0.34,1,0,0',
    '03/11/2012 03:00:00,0.32,1,0,0',
    '03/11/2012 04:00:00,0.3,1,0,0',
  ].join('\n')
  const { readings } = parseHouseholdFile(text)
  expect(readings[0]?.start).toBe(Date.parse('2012-03-11T03:00:00Z'))
  expect(readings.map(({ kwh }) => kwh)).toEqual([0.33, 0.34, 0.34, 0.32, 0.3])
  expect(readings.map(({ start }) => localTime(start).hour)).toEqual([22, 23, 0, 1, 3])
})

it('reads bands, and takes a working day without any for a holiday', () => {
  const line = (day: string, hour: string, flags: string) => `12/${day}/2011 ${hour}:00:00,1,${flags}`
  const hours = Array.from({ length: 24 }, (_, i) => String((i + 1) % 24).padStart(2, '0'))
  const monday = hours.map((hour) => line('26', hour, '1,0,0'))
  const tuesday = hours.slice(0, 8).map((hour) => line('27', hour, hour === '08' ? '0,0,1' : '1,0,0'))
  const household = parseHouseholdFile([HEAD, ...monday, ...tuesday].join('\r\n'))
  expect(household.holidays).toEqual(['2011-12-26'])
  expect(household.readings.at(-1)?.band).toBe('on-peak')
  expect(truthOf(household).bill).toBeCloseTo(31 * 0.062 + 0.108, 9)
})

it('names the line that does not follow', () => {
  const text = `${HEAD}\n11/25/2011 01:00:00,0.39,1,0,0\n11/25/2011 03:00:00,0.33,1,0,0\n`
  expect(() => parseHouseholdFile(text)).toThrow('line 3')
})

it('generates the same household every time', () => {
  expect(generateHousehold()).toEqual(generateHousehold())
  const { kwh, bill } = truthOf(generateHousehold())
  expect(kwh).toBeGreaterThan(1_000)
  expect(bill).toBeGreaterThan(kwh * 0.062)
})
