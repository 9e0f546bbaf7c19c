import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  average,
  correlation,
  groupBy,
  median,
  medianDeviation,
  percentile,
  sum,
} from '../../../shared/analysis/numeric.ts'

const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1 })

describe('percentile', () => {
  it('interpolates between neighbours', () => {
    expect(percentile([4, 1, 3, 2], 50)).toBe(2.5)
    expect(percentile([10], 5)).toBe(10)
    expect(median([3, 1, 2])).toBe(2)
  })

  it('lies within the values and grows with its percent', () => {
    const percent = fc.double({ min: 0, max: 100, noNaN: true })
    fc.assert(
      fc.property(values, percent, percent, (list, a, b) => {
        const [low, high] = [percentile(list, Math.min(a, b))!, percentile(list, Math.max(a, b))!]
        expect(low).toBeLessThanOrEqual(high + 1e-6)
        expect(low).toBeGreaterThanOrEqual(Math.min(...list))
        expect(high).toBeLessThanOrEqual(Math.max(...list))
      }),
    )
  })
})

it('knows nothing of empty lists', () => {
  expect([percentile([], 5), median([]), medianDeviation([]), average([])]).toEqual([null, null, null, null])
  expect(sum([])).toBe(0)
})

it('adds a year of small values up as by hand', () => {
  expect(sum(Array.from({ length: 8_760 }, () => 0.1))).toBe(876)
  expect(sum([1e16, 1, -1e16])).toBe(1)
})

it('correlates', () => {
  expect(correlation([1, 2, 3], [2, 4, 6])).toBeCloseTo(1)
  expect(correlation([1, 2, 3], [3, 2, 1])).toBeCloseTo(-1)
  expect(correlation([1, 1, 1], [1, 2, 3])).toBeNull()
  expect(correlation([1, 2], [1, 2])).toBeNull()
})

it('is robust against one wild value', () => {
  expect(medianDeviation([1, 2, 3, 4, 1_000])).toBe(1)
})

it('groups in order of appearance', () => {
  expect([...groupBy([3, 1, 4, 1, 5], (n) => n % 2)]).toEqual([
    [1, [3, 1, 1, 5]],
    [0, [4]],
  ])
})
