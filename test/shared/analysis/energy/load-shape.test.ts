import { describe, expect, it } from 'vitest'
import {
  dailyTotals,
  dayAverages,
  highestDays,
  loadFactor,
  lowestDay,
  profile,
} from '../../../../shared/analysis/energy/load-shape.ts'
import { BERLIN, HOUR, MONDAY, pointsOf, repeat } from '../points.ts'

it('sets the mean against the peak of the same averaging', () => {
  expect(loadFactor(pointsOf([100, 100, 400]), 60)).toBeCloseTo(0.5)
  expect(loadFactor(pointsOf([0, 0]), 60)).toBeNull()
  expect(loadFactor([], 60)).toBeNull()
})

describe('profile', () => {
  it('has the mean of each local hour, working days and weekends apart', () => {
    const points = repeat(14 * 24, (i) => (Math.floor(i / 24) % 7 >= 5 ? 2 : 1) * (i % 24))
    const { working, weekend } = profile(points, BERLIN)
    expect(working[18]).toBe(18)
    expect(weekend[18]).toBe(36)
  })

  it('counts a holiday as weekend, and knows nothing of hours without data', () => {
    const { working, weekend } = profile(repeat(12, 1), BERLIN, ['2026-06-01'])
    expect(weekend[3]).toBe(1)
    expect(working.every((hour) => hour === null)).toBe(true)
  })
})

describe('dailyTotals', () => {
  it('has 25 hours on the day on which clocks go back', () => {
    const start = Date.parse('2026-10-24T22:00:00Z')
    const days = dailyTotals(repeat(49, 1, start), BERLIN, { start, end: start + 49 * HOUR })
    expect(days.map(({ date, kwh, coverage, weekend }) => [date, kwh, coverage, weekend])).toEqual([
      ['2026-10-25', 25, 1, true],
      ['2026-10-26', 24, 1, false],
    ])
  })

  it('ranks and averages complete days alone', () => {
    const points = repeat(8 * 24 - 14, (i) => 1 + Math.floor(i / 24))
    const days = dailyTotals(points, BERLIN, { start: MONDAY, end: MONDAY + 8 * 24 * HOUR })
    expect(days).toHaveLength(8)
    expect(highestDays(days, 2).map((day) => day.date)).toEqual(['2026-06-07', '2026-06-06'])
    expect(lowestDay(days)?.kwh).toBe(24)
    expect(dayAverages(days)).toEqual({ daily: 96, working: 72, weekend: 156 })
  })

  it('knows no averages without days', () => {
    expect(dayAverages([])).toEqual({ daily: null, working: null, weekend: null })
    expect(lowestDay([])).toBeNull()
    expect(dailyTotals([], BERLIN, { start: 0, end: 1 })).toEqual([])
  })
})
