import { describe, expect, it } from 'vitest'
import {
  formatMetric,
  formatNumber,
  formatPercent,
  formatSpanHours,
  formatValue,
  roundHalfUp,
} from '../../../shared/analysis/format.ts'

describe('formatValue', () => {
  it.each([
    [84.2, 'kWh', '84.2 kWh'],
    [1209.42, 'kWh', '1209.42 kWh'],
    [12_345.678, 'kWh', '12,345.68 kWh'],
    [29.48, 'EUR', '29.48 EUR'],
    [30, 'EUR', '30.00 EUR'],
    [89.87986, 'CAD', '89.88 CAD'],
    [312.4, 'W', '312 W'],
    [4.6, 'W', '4.6 W'],
    [3.15, 'kW', '3.15 kW'],
    [12.44, '%', '12.4 %'],
    [12, '%', '12 %'],
    [100, '%', '100 %'],
    [25, 'h', '25 h'],
    [3, 'count', '3'],
    [-0.001, 'kWh', '0 kWh'],
    [-12.5, '%', '-12.5 %'],
    [Number.NaN, 'kWh', 'unknown'],
  ])('shows %d %s as %s', (value, unit, text) => {
    expect(formatValue(value, unit)).toBe(text)
    expect(formatMetric({ value, unit })).toBe(text)
  })
})

it('rounds halves as by hand', () => {
  expect(roundHalfUp(1.005, 2)).toBe(1.01)
  expect(roundHalfUp(-2.5, 0)).toBe(-3)
  expect(formatNumber(0.125, 2)).toBe('0.13')
})

it('says shares and lengths of time', () => {
  expect(formatPercent(0.1244)).toBe('12.4 %')
  expect([0.75, 1, 2.5, 3, 48, 60].map(formatSpanHours)).toEqual([
    '45 min',
    '1 h',
    '2.5 h',
    '3 h',
    '2 days',
    '2.5 days',
  ])
})
