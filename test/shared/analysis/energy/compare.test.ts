import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareWindows } from '../../../../shared/analysis/energy/compare.ts'
import { BERLIN, HOUR, MONDAY, repeat } from '../points.ts'

const WEEK = 168 * HOUR
const side = (start: number, hours: number, value: number | ((i: number) => number), length = hours) => ({
  points: repeat(hours, value, start),
  span: { start, end: start + length * HOUR },
})

describe('compareWindows', () => {
  it('compares complete windows as they are', () => {
    const result = compareWindows(side(MONDAY, 168, 1.1), side(MONDAY - WEEK, 168, 1), BERLIN)
    expect(result).toMatchObject({ method: 'equal', hours: 168, otherHours: 168, note: null })
    expect(result?.change).toBeCloseTo(16.8)
    expect(result?.fraction).toBeCloseTo(0.1)
  })

  it('scales a month of 30 days to one of 31', () => {
    const july = side(Date.parse('2026-06-30T22:00:00Z'), 31 * 24, 1)
    const june = side(Date.parse('2026-05-31T22:00:00Z'), 30 * 24, 1)
    const result = compareWindows(july, june, BERLIN)
    expect(result).toMatchObject({ method: 'scaled', hours: 744, otherHours: 720 })
    expect(result?.fraction).toBeCloseTo(0)
    expect(result?.note).toContain('scaled')
  })

  it('compares the same hours where one side has a gap', () => {
    // Nights use nothing; the earlier week lacks a day, so plain scaling would be off for other hours.
    const now = side(MONDAY, 168, (i) => (i % 24 < 8 ? 0 : 1))
    const before = side(MONDAY - WEEK, 168, (i) => (i % 24 < 8 ? 0 : 1))
    const patchy = { ...before, points: before.points.filter((_, i) => i < 50 || i >= 60) }
    const result = compareWindows(now, patchy, BERLIN)
    expect(result).toMatchObject({ method: 'paired', hours: 158, change: 0, fraction: 0 })
    expect(result?.note).toContain('Only the')
  })

  it('does not compare a part of a day with a whole one', () => {
    const today = {
      ...side(MONDAY + WEEK, 14, 2),
      span: { start: MONDAY + WEEK, end: MONDAY + WEEK + 14 * HOUR },
    }
    const yesterday = side(MONDAY + WEEK - 24 * HOUR, 24, 2)
    expect(compareWindows(today, yesterday, BERLIN)?.fraction).toBeCloseTo(0)
  })

  it('is unknown where half of a side is missing', () => {
    expect(compareWindows(side(MONDAY, 80, 1, 168), side(MONDAY - WEEK, 168, 1), BERLIN)).toBeNull()
    expect(compareWindows(side(MONDAY, 168, 1), side(MONDAY - WEEK, 0, 1, 168), BERLIN)).toBeNull()
  })

  it('knows no share of a change from zero', () => {
    expect(compareWindows(side(MONDAY, 24, 1), side(MONDAY - 24 * HOUR, 24, 0), BERLIN)?.fraction).toBeNull()
  })

  it('finds no change between equal loads, however patchy', () => {
    const kept = fc.array(fc.boolean(), { minLength: 168, maxLength: 168 })
    fc.assert(
      fc.property(kept, kept, (inA, inB) => {
        const a = side(MONDAY, 168, 0.5)
        const b = side(MONDAY - WEEK, 168, 0.5)
        const result = compareWindows(
          { ...a, points: a.points.filter((_, i) => inA[i]) },
          { ...b, points: b.points.filter((_, i) => inB[i]) },
          BERLIN,
        )
        if (result) expect(result.change).toBeCloseTo(0, 6)
      }),
    )
  })
})
