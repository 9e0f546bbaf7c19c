import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contributors, extremeBuckets, peaks } from '../../../../shared/analysis/energy/peaks.ts'
import { HOUR, MINUTE, MONDAY, pointsOf, repeat, seriesOf } from '../points.ts'

const FIVE = 5 * MINUTE

describe('peaks', () => {
  it('are rolling means, not single readings', () => {
    const points = repeat(36, (i) => (i === 3 ? 9_000 : i >= 20 && i < 23 ? 6_000 : 200), MONDAY, FIVE)
    const [first, second] = peaks(points, 15, 2)
    expect(first).toEqual({
      start: MONDAY + 20 * FIVE,
      end: MONDAY + 23 * FIVE,
      watts: 6_000,
      lengthMinutes: 15,
    })
    expect(second?.watts).toBeCloseTo((9_000 + 200 + 200) / 3)
  })

  it('name each event once, with its length', () => {
    const points = repeat(72, (i) => (i >= 10 && i < 34 ? 3_000 + i : 100), MONDAY, FIVE)
    const found = peaks(points, 15, 3)
    expect(found[0]).toMatchObject({ start: MONDAY + 31 * FIVE, lengthMinutes: 120 })
    expect(found[1]!.watts).toBeLessThan(3_000)
  })

  it('do not reach over a missing bucket', () => {
    const points = repeat(6, 1_000, MONDAY, FIVE).filter((_, i) => i !== 2)
    expect(peaks(points, 15, 1)).toMatchObject([{ start: MONDAY + 3 * FIVE }])
    expect(peaks(points, 30, 1)).toEqual([])
  })

  it('of hours are 60-minute ones alone', () => {
    const points = pointsOf([300, 5_450, 120])
    expect(peaks(points, 60, 1)).toMatchObject([{ start: MONDAY + HOUR, watts: 5_450, lengthMinutes: 60 }])
    expect(peaks(points, 15, 1)).toEqual([])
    expect(peaks([], 60, 3)).toEqual([])
  })

  it('are never above the highest point, nor below the mean, and fall with their length', () => {
    const values = fc.array(fc.double({ min: 0, max: 20_000, noNaN: true }), { minLength: 12, maxLength: 80 })
    fc.assert(
      fc.property(values, (list) => {
        const points = pointsOf(list, MONDAY, FIVE)
        const [p15, p30, p60] = ([15, 30, 60] as const).map((m) => peaks(points, m, 1)[0]!.watts)
        expect(p15!).toBeLessThanOrEqual(Math.max(...list) + 1e-6)
        expect(p30!).toBeLessThanOrEqual(p15! + 1e-6)
        expect(p60!).toBeLessThanOrEqual(p30! + 1e-6)
        expect(p60!).toBeGreaterThanOrEqual(Math.min(...list) - 1e-6)
      }),
    )
  })
})

it('finds the highest and the lowest hour', () => {
  const { highest, lowest } = extremeBuckets(pointsOf([0.4, 5.45, 0.12, 5.45]))
  expect(highest).toMatchObject({ value: 5.45, start: MONDAY + HOUR })
  expect(lowest?.value).toBe(0.12)
  expect(extremeBuckets([])).toEqual({ highest: null, lowest: null })
})

it('names what ran in a peak, in W, whatever the unit and bucket of the device', () => {
  const peak = { start: MONDAY + 30 * MINUTE, end: MONDAY + HOUR }
  const list = contributors(peak, [
    seriesOf(pointsOf([1.2]), { id: 'a', name: 'Oven' }),
    seriesOf(
      repeat(12, (i) => (i < 9 ? 0 : 4_000), MONDAY, FIVE),
      { id: 'b', name: 'Car', unit: 'W' },
    ),
    seriesOf(repeat(2, 1, MONDAY + 5 * HOUR), { id: 'c', name: 'Later' }),
  ])
  expect(list.map(({ name, watts }) => [name, Math.round(watts)])).toEqual([
    ['Car', 2_000],
    ['Oven', 1_200],
  ])
})
