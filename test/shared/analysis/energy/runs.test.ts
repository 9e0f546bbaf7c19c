import { expect, it } from 'vitest'
import { applianceRuns, cycles } from '../../../../shared/analysis/energy/runs.ts'
import { MINUTE, MONDAY, repeat } from '../points.ts'

const FIVE = 5 * MINUTE

it('splits runs where power stays below 100 W for 5 minutes', () => {
  const points = repeat(40, (i) => (i < 13 || (i >= 20 && i < 23) ? 2_000 : 3), MONDAY, FIVE)
  const runs = applianceRuns(points)
  expect(runs.map((run) => [(run.end - run.start) / MINUTE, run.long])).toEqual([
    [65, true],
    [15, false],
  ])
  expect(runs[0]?.kwh).toBeCloseTo((2 * 65) / 60)
})

it('does not split at a shorter dip, and ends a run at a gap', () => {
  const minute = repeat(30, (i) => (i >= 10 && i < 13 ? 0 : 500), MONDAY, MINUTE)
  expect(applianceRuns(minute)).toHaveLength(1)
  expect(applianceRuns(repeat(30, 500, MONDAY, MINUTE).filter((_, i) => i < 10 || i >= 20))).toHaveLength(2)
  expect(applianceRuns([])).toEqual([])
})

it('counts the cycles of a compressor and its off-times', () => {
  const points = repeat(12 * 9, (i) => (i % 9 < 3 ? 90 : 2), MONDAY, FIVE)
  expect(cycles(points)).toEqual({ count: 12, medianOffMinutes: 30 })
  expect(cycles([])).toEqual({ count: 0, medianOffMinutes: null })
})
