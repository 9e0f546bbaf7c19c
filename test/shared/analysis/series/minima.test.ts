import { expect, it } from 'vitest'
import { hourlyMinima } from '../../../../shared/analysis/series/minima.ts'
import { HOUR, MINUTE, MONDAY } from '../points.ts'

const five = (i: number, mean: number, min?: number) => ({
  start: MONDAY + i * 5 * MINUTE,
  end: MONDAY + (i + 1) * 5 * MINUTE,
  mean,
  ...(min === undefined ? {} : { min }),
})

it('takes the minimum that hourly rows carry', () => {
  const rows = [
    { start: MONDAY, end: MONDAY + HOUR, mean: 300, min: 205 },
    { start: MONDAY + HOUR, end: MONDAY + 2 * HOUR, mean: 400 },
  ]
  expect(hourlyMinima(rows)).toEqual([{ start: MONDAY, end: MONDAY + HOUR, value: 205 }])
})

it('takes the lowest of the 5-minute rows of an hour that they fill', () => {
  const rows = Array.from({ length: 12 }, (_, i) => five(i, 300 + i, i === 7 ? 180 : undefined))
  expect(hourlyMinima(rows)).toEqual([{ start: MONDAY, end: MONDAY + HOUR, value: 180 }])
  expect(hourlyMinima(rows.slice(1))).toEqual([])
})
