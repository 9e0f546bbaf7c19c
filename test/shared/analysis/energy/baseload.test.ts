import { describe, expect, it } from 'vitest'
import {
  baseloadMode,
  baseloadP5,
  nightMedian,
  yearlyKwh,
} from '../../../../shared/analysis/energy/baseload.ts'
import { BERLIN, HOUR, MINUTE, MONDAY, repeat } from '../points.ts'

/** 5-minute power over n days: 205 W always on, a fridge of 90 W a third of the time, evenings of 1500 W. */
const week = (days: number) =>
  repeat(
    days * 288,
    (i) => 205 + (i % 9 < 3 ? 90 : 0) + (i % 288 > 216 && i % 288 < 260 ? 1_500 : 0),
    MONDAY,
    5 * MINUTE,
  )

describe('baseloadP5', () => {
  it('finds the load that is always on', () => {
    expect(baseloadP5(week(7), BERLIN)).toEqual({
      watts: 205,
      method: 'baseload_p5.5minute.v1',
      samples: 7 * 288,
      nights: 7,
    })
  })

  it('says that hours are the coarser method', () => {
    expect(baseloadP5(repeat(7 * 24, 300), BERLIN)?.method).toBe('baseload_p5.hourly.v1')
  })

  it('needs 3 nights', () => {
    expect(baseloadP5(week(2), BERLIN)).toBeNull()
    expect(baseloadP5(week(3), BERLIN)?.watts).toBe(205)
    expect(baseloadP5([], BERLIN)).toBeNull()
  })
})

describe('baseloadMode', () => {
  it('is the most frequent level of the hourly minima', () => {
    const minima = repeat(96, (i) => (i % 24 < 14 ? 204 + (i % 3) : 400 + 37 * (i % 24)))
    expect(baseloadMode(minima, BERLIN)).toMatchObject({ watts: 205, samples: 96, nights: 4 })
  })

  it('is the lower of two equally frequent levels', () => {
    expect(
      baseloadMode(
        repeat(96, (i) => (i % 2 ? 500 : 101)),
        BERLIN,
      )?.watts,
    ).toBe(101)
  })

  it('is unknown without minima', () => {
    expect(baseloadMode([], BERLIN)).toBeNull()
  })
})

describe('nightMedian', () => {
  it('looks at 01 to 05 local time alone', () => {
    const points = repeat(48, (i) => (i % 24 >= 1 && i % 24 < 5 ? 150 : 900))
    expect(nightMedian(points, BERLIN)).toMatchObject({ watts: 150, samples: 8, nights: 2 })
    expect(nightMedian(repeat(3, 100, MONDAY + 12 * HOUR), BERLIN)).toBeNull()
  })

  it('follows local time where clocks go back', () => {
    const start = Date.parse('2026-10-24T22:00:00Z')
    // 01, 02, 02 again, 03, 04 local.
    expect(nightMedian(repeat(25, 100, start), BERLIN)?.samples).toBe(5)
  })
})

it('makes 1796 kWh a year of 205 W', () => {
  expect(yearlyKwh(205)).toBeCloseTo(1_795.8)
})
