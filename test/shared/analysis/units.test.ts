import { expect, it } from 'vitest'
import { toKwh, toWatts } from '../../../shared/analysis/units.ts'

it.each([
  [1_500, 'Wh', 1.5],
  [2, 'MWh', 2_000],
  [3.6, 'GJ', 1_000],
  [3.6, 'MJ', 1],
])('%d %s is %d kWh', (value, unit, kwh) => {
  const converted = toKwh(value, unit)
  expect(converted.ok && converted.value).toBeCloseTo(kwh, 9)
})

it('minds the case of power units', () => {
  expect(toWatts(1, 'mW')).toEqual({ ok: true, value: 0.001 })
  expect(toWatts(1, 'MW')).toEqual({ ok: true, value: 1e6 })
})

it.each(['VA', 'var', 'kw', '', 'toString'])('leaves out %s, with a reason', (unit) => {
  expect(toWatts(1, unit)).toEqual({ ok: false, reason: 'the unit is not one of power' })
})

it('leaves out what is no number', () => {
  expect(toKwh(Number.NaN, 'kWh').ok).toBe(false)
})
