import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  addMonths,
  dateOf,
  daysIn,
  isWholeMonth,
  monthDates,
  monthOf,
  weekOf,
  yearDates,
} from '../../../../shared/domain/time/calendar.ts'

it('knows the lengths of months', () => {
  expect([2024, 2023, 2000, 1900].map((year) => daysIn(year, 2))).toEqual([29, 28, 29, 28])
  expect(dateOf(2012, 2, 30)).toBeNull()
  expect(dateOf(2012, 13, 1)).toBeNull()
  expect(dateOf(2012, 2, 29)).toBe('2012-02-29')
})

it('cuts months, weeks and years', () => {
  expect(monthDates(2012, 2)).toEqual({ start: '2012-02-01', end: '2012-02-29' })
  expect(monthOf('2012-03-17')).toEqual({ start: '2012-03-01', end: '2012-03-31' })
  expect(weekOf('2026-11-24')).toEqual({ start: '2026-11-23', end: '2026-11-29' })
  expect(yearDates(2011)).toEqual({ start: '2011-01-01', end: '2011-12-31' })
  expect(isWholeMonth({ start: '2012-02-01', end: '2012-02-28' })).toBe(false)
})

it('moves by months within the calendar', () => {
  expect(addMonths('2012-03-31', -1)).toBe('2012-02-29')
  expect(addMonths('2012-01-15', -13)).toBe('2010-12-15')
  const date = fc.integer({ min: 1, max: 28 }).map((day) => `2012-05-${String(day).padStart(2, '0')}`)
  fc.assert(
    fc.property(date, fc.integer({ min: -600, max: 600 }), (from, n) => {
      expect(addMonths(addMonths(from, n), -n)).toBe(from)
    }),
  )
})
