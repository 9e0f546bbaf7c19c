import { expect, test } from 'vitest'
import { pricesFromHistory } from '../../../../shared/home/home_assistant/entity-price.ts'
import type { MeterPrice } from '../../../../shared/home/home_assistant/preferences.ts'
import {
  blendPrices,
  PRICE_IDS,
  priceFactor,
  toTariff,
} from '../../../../shared/home/home_assistant/prices.ts'

const HOUR = 3_600_000
const meter = (id: string, over: Partial<MeterPrice> = {}): MeterPrice => ({
  meter: id,
  cost: null,
  entity: null,
  number: null,
  ...over,
})
const settings = (buying: MeterPrice[], selling: MeterPrice[] = []) => ({
  preferences: { sources: [], supplies: [], devices: [], power: {} },
  buying,
  selling,
})
const energy = (...changes: number[]) =>
  changes.map((change, i) => ({ start: i * HOUR, end: (i + 1) * HOUR, change, sum: 0, state: 0 }))

test('one fixed price is a flat tariff, several prices are one price of each hour, none is no tariff', () => {
  expect(toTariff(settings([meter('a')]), 'EUR')).toBeNull()
  const one = toTariff(settings([meter('a', { number: 0.3 })], [meter('x', { number: 0.08 })]), 'EUR')
  expect(one).toMatchObject({ currency: 'EUR', dynamic: null, exportRate: 0.08, dynamicExport: null })
  expect(one?.import).toMatchObject([{ rate: 0.3, days: 'all', from: '00:00', to: '24:00' }])
  const two = [meter('a', { number: 0.3 }), meter('b', { number: 0.2 })]
  expect(toTariff(settings(two), 'EUR')).toMatchObject({ import: [], dynamic: PRICE_IDS.import })
  const sold = toTariff(settings(two, [meter('x', { entity: 'sensor.p' })]), 'SEK')
  expect(sold).toMatchObject({ exportRate: null, dynamicExport: PRICE_IDS.export })
})

test('the price of an hour is what all meters cost, divided by what they counted', () => {
  const meters = [
    meter('low', { number: 0.2 }),
    meter('high', { entity: 'sensor.p' }),
    meter('car', { cost: 'sensor.car_cost' }),
  ]
  const rows = new Map([
    ['low', energy(1, 0, 0, 2)],
    ['high', energy(3, 0, 0, 0)],
    ['car', energy(4, 0, 5, 0)],
    ['sensor.car_cost', energy(0.4, 0, 1)],
  ])
  const found = blendPrices(meters, rows, new Map([['sensor.p', new Map([[0, 0.5]])]]))
  expect(found.map((row) => [row.start / HOUR, row.mean])).toEqual([
    [0, (1 * 0.2 + 3 * 0.5 + 0.4) / 8],
    [1, 0.2],
    [2, 1 / 5],
    [3, 0.2],
  ])
})

test('an hour in which a meter counted without a price has no price', () => {
  const rows = new Map([
    ['a', energy(1, 1)],
    ['b', energy(1, 0)],
  ])
  const found = blendPrices([meter('a', { number: 0.2 }), meter('b')], rows, new Map())
  expect(found.map((row) => row.start / HOUR)).toEqual([1])
})

test.each([
  ['EUR/kWh', 1],
  ['EUR/MWh', 0.001],
  ['EUR/Wh', 1000],
  ['ct/kWh', 0.01],
  ['p/kWh', 0.01],
  ['¢/kWh', 0.01],
  [null, 1],
  ['SEK/kWh', 1],
])('%s is %f major units a kWh', (unit, factor) => {
  expect(priceFactor(unit)).toBe(factor)
})

test('a price entity without statistics: each state holds until the next, and no number is no price', () => {
  const changes = [
    { state: '10', at: -HOUR },
    { state: '20', at: 0.25 * HOUR },
    { state: 'unavailable', at: HOUR },
    { state: '40', at: 2.5 * HOUR },
  ]
  const prices = pricesFromHistory(changes, { start: 0, end: 4 * HOUR }, 0.01)
  expect([...prices].map(([start, price]) => [start / HOUR, Number(price.toFixed(6))])).toEqual([
    [0, 0.175],
    [2, 0.4],
    [3, 0.4],
  ])
})
