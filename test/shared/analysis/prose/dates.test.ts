import { describe, expect, it } from 'vitest'
import { blank, findTextDates } from '../../../../shared/analysis/prose/dates.ts'

const read = (text: string) =>
  findTextDates(text).flatMap(({ days, time }) => [
    ...days.map(({ year, month, day }) => [year, month, day].map((part) => part ?? '*').join('-')),
    ...(time === null ? [] : [time]),
  ])

describe('findTextDates', () => {
  it.each([
    ['on 17 November 2026', ['2026-11-17']],
    ['Nov 17, 2026', ['2026-11-17']],
    ['the 3rd of March', ['*-3-3']],
    ['17–23 November 2026', ['2026-11-17', '2026-11-23']],
    ['November 17 to 23', ['*-11-17', '*-11-23']],
    ['2026-11-17T18:30:00+01:00', ['2026-11-17', '18:30']],
    ['17.11.2026', ['2026-11-17']],
    ['in March 2012', ['2012-3-*']],
    ['in 2011', ['2011-*-*']],
    ['from 22:00 to 06:15', ['22:00', '06:15']],
    ['at 6:30 pm or 12 am', ['18:30', '00:00']],
  ])('reads %s', (text, found) => {
    expect(read(text)).toEqual(found)
  })

  it.each(['in 2011 kWh', 'May 5.5 kWh', '3.5 marches', 'version 1.2.3', '84.2 kWh'])(
    'reads nothing in %s',
    (text) => {
      expect(read(text)).toEqual([])
    },
  )
})

it('blanks spans out and keeps the offsets', () => {
  expect(blank('at 18:30 it was', [{ start: 3, end: 8 }])).toBe('at       it was')
})
