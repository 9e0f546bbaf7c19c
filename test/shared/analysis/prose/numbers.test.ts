import { describe, expect, it } from 'vitest'
import { findNumbers } from '../../../../shared/analysis/prose/numbers.ts'

const read = (text: string) => findNumbers(text).map(({ value, decimals, kind }) => [value, decimals, kind])

describe('findNumbers', () => {
  it.each([
    ['84.2 kWh', [[84.2, 1, 'energy']]],
    ['1,209.42kWh', [[1209.42, 2, 'energy']]],
    ["12'345 W", [[12345, 0, 'power']]],
    ['29,48 EUR', [[29.48, 2, 'money:EUR']]],
    [
      '€5 and 5 ct',
      [
        [5, 0, 'money:EUR'],
        [5, 0, 'money'],
      ],
    ],
    ['EUR 5.00', [[5, 2, 'money:EUR']]],
    ['-3.5 °C', [[-3.5, 1, '°C']]],
    [
      '3 to 5 kWh',
      [
        [3, 0, 'energy'],
        [5, 0, 'energy'],
      ],
    ],
    ['a 15-minute peak', [[15, 0, 'time']]],
    ['5 LED lamps', [[5, 0, null]]],
    [
      '12 kilowatt-hours, 3 percentage points',
      [
        [12, 0, 'energy'],
        [3, 0, 'share'],
      ],
    ],
    [
      '1, 2 and 3',
      [
        [1, 0, null],
        [2, 0, null],
        [3, 0, null],
      ],
    ],
  ])('reads %s', (text, numbers) => {
    expect(read(text)).toEqual(numbers)
  })

  it.each(['CO2', 'sensor.power_2', 'v1.2', '3D', 'the 3rd', '1. item', 'fnd_01ab', ''])(
    'reads nothing in %s',
    (text) => {
      expect(read(text)).toEqual([])
    },
  )
})
