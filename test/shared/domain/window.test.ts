import { expect, it } from 'vitest'
import { windowHours } from '../../../shared/domain/window.ts'

it('counts 25 hours on the day on which clocks go back', () => {
  const day = {
    start: '2026-10-24T22:00:00.000Z',
    end: '2026-10-25T23:00:00.000Z',
    timeZone: 'Europe/Berlin',
  }
  expect(windowHours(day)).toBe(25)
})
