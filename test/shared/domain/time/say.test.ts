import { expect, test } from 'vitest'
import { sayDuring, sayInstant, sayWindow } from '../../../../shared/domain/time/say.ts'
import { dayWindow } from '../../../../shared/domain/time/zone.ts'

const zone = 'Europe/Berlin'

test('a window is said in its own zone, with its last day', () => {
  const week = dayWindow('2026-10-19', '2026-10-25', zone)
  expect(sayWindow(week)).toBe('19 Oct 2026 to 25 Oct 2026')
  expect(sayDuring(week)).toBe('From 19 Oct 2026 to 25 Oct 2026')
})

test('one day is one day, also of 25 hours', () => {
  const day = dayWindow('2026-10-25', '2026-10-25', zone)
  expect(sayWindow(day)).toBe('25 Oct 2026')
  expect(sayDuring(day)).toBe('On 25 Oct 2026')
})

test('an instant is said in local time', () => {
  expect(sayInstant(Date.parse('2026-11-17T17:30:00Z'), zone)).toBe('Tue 17 Nov 2026, 18:30')
})
