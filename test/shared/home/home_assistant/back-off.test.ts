import { expect, test } from 'vitest'
import { backOffMs } from '../../../../shared/home/home_assistant/back-off.ts'

test('it doubles, is spread, and stays within its bounds', () => {
  const young = [0, 1, 2, 3, 4, 50].map((tries) => backOffMs(tries, 0, 1))
  expect(young).toEqual([1_000, 2_000, 4_000, 8_000, 8_000, 8_000])
  expect(backOffMs(50, 3_600_000, 1)).toBe(60_000)
  expect(backOffMs(3, 0, 0)).toBe(4_800)
  for (let tries = 0; tries < 2_000; tries++) {
    const wait = backOffMs(tries, tries * 10_000, (tries % 10) / 10)
    expect(wait).toBeGreaterThanOrEqual(600)
    expect(wait).toBeLessThanOrEqual(60_000)
  }
})
