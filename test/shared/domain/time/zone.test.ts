import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addDays,
  countDays,
  dayWindow,
  instantsOf,
  isZone,
  localParts,
  offsetMs,
  startOfLocalDay,
  toLocalIso,
  weekdayOf,
} from '../../../../shared/domain/time/zone.ts'
import { windowHours } from '../../../../shared/domain/window.ts'

const ZONES = [
  'Europe/Berlin',
  'America/Toronto',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'America/Sao_Paulo',
  'UTC',
]
const HOUR = 3_600_000

describe('offsetMs', () => {
  it.each([
    ['2026-01-15T12:00:00Z', 'Europe/Berlin', 1],
    ['2026-07-15T12:00:00Z', 'Europe/Berlin', 2],
    ['2026-10-25T00:59:59.999Z', 'Europe/Berlin', 2],
    ['2026-10-25T01:00:00Z', 'Europe/Berlin', 1],
    ['2012-03-11T06:59:59Z', 'America/Toronto', -5],
    ['2012-03-11T07:00:00Z', 'America/Toronto', -4],
    ['2026-01-01T00:00:00Z', 'Asia/Kathmandu', 5.75],
  ])('at %s in %s is %d h', (instant, zone, hours) => {
    expect(offsetMs(Date.parse(instant), zone)).toBe(hours * HOUR)
  })

  it('agrees with Intl at any instant of a century', () => {
    const range = { min: Date.UTC(1975, 0, 1), max: Date.UTC(2040, 0, 1) }
    fc.assert(
      fc.property(fc.integer(range), fc.constantFrom(...ZONES), (instant, zone) => {
        const format = new Intl.DateTimeFormat('sv-SE', {
          timeZone: zone,
          dateStyle: 'short',
          timeStyle: 'medium',
        })
        expect(toLocalIso(instant, zone).slice(0, 19).replace('T', ' ')).toBe(format.format(instant))
      }),
    )
  })

  it('rejects a zone that does not exist', () => {
    expect(() => offsetMs(0, 'Nowhere/City')).toThrow(RangeError)
    expect(isZone('Nowhere/City')).toBe(false)
    expect(isZone('America/Toronto')).toBe(true)
  })
})

describe('toLocalIso', () => {
  it('names the instant that it was made from', () => {
    const range = { min: Date.UTC(1975, 0, 1) / 1000, max: Date.UTC(2040, 0, 1) / 1000 }
    fc.assert(
      fc.property(fc.integer(range), fc.constantFrom(...ZONES), (seconds, zone) => {
        expect(Date.parse(toLocalIso(seconds * 1000, zone))).toBe(seconds * 1000)
      }),
    )
  })

  it('shows offsets of half hours and west of Greenwich', () => {
    expect(toLocalIso(0, 'Asia/Kathmandu')).toBe('1970-01-01T05:30:00+05:30')
    expect(toLocalIso(Date.parse('2012-01-01T05:00:00Z'), 'America/Toronto')).toBe(
      '2012-01-01T00:00:00-05:00',
    )
  })
})

it('reads the parts of the wall clock', () => {
  expect(localParts(Date.parse('2012-03-11T07:30:00Z'), 'America/Toronto')).toEqual({
    year: 2012,
    month: 3,
    day: 11,
    hour: 3,
    minute: 30,
    weekday: 7,
    date: '2012-03-11',
  })
})

describe('instantsOf', () => {
  it('finds none in the hour that is skipped and two in the one that comes twice', () => {
    expect(instantsOf(Date.UTC(2026, 2, 29, 2, 30), 'Europe/Berlin')).toEqual([])
    const twice = instantsOf(Date.UTC(2026, 9, 25, 2, 30), 'Europe/Berlin')
    expect(twice.map((instant) => new Date(instant).toISOString())).toEqual([
      '2026-10-25T00:30:00.000Z',
      '2026-10-25T01:30:00.000Z',
    ])
    expect(instantsOf(Date.UTC(2026, 5, 1, 12), 'Europe/Berlin')).toHaveLength(1)
  })
})

describe('local days', () => {
  it.each([
    ['2026-10-25', 'Europe/Berlin', 25],
    ['2026-03-29', 'Europe/Berlin', 23],
    ['2026-06-01', 'Europe/Berlin', 24],
    ['2012-03-11', 'America/Toronto', 23],
    ['2018-11-04', 'America/Sao_Paulo', 23],
    ['2026-10-04', 'Australia/Lord_Howe', 23.5],
    ['2023-11-05', 'America/Havana', 25],
  ])('%s in %s has %d hours', (date, zone, hours) => {
    expect(windowHours(dayWindow(date, date, zone))).toBe(hours)
  })

  it('begin where clocks skip midnight with the first moment that exists', () => {
    expect(toLocalIso(startOfLocalDay('2018-11-04', 'America/Sao_Paulo'), 'America/Sao_Paulo')).toBe(
      '2018-11-04T01:00:00-02:00',
    )
  })

  it('follow each other without gap, whatever the zone', () => {
    const day = fc.integer({ min: 0, max: 20_000 })
    fc.assert(
      fc.property(day, fc.constantFrom(...ZONES), (n, zone) => {
        const date = addDays('1980-01-01', n)
        const start = startOfLocalDay(date, zone)
        expect(localParts(start, zone).date).toBe(date)
        expect(localParts(start - 1, zone).date).toBe(addDays(date, -1))
        expect(dayWindow(date, date, zone).end).toBe(
          dayWindow(addDays(date, 1), addDays(date, 1), zone).start,
        )
      }),
    )
  })
})

it('counts in the calendar', () => {
  expect(addDays('2012-02-28', 2)).toBe('2012-03-01')
  expect(addDays('2012-03-01', -2)).toBe('2012-02-28')
  expect(countDays('2011-11-25', '2012-03-17')).toBe(114)
  expect(weekdayOf('2026-11-24')).toBe(2)
  expect(() => addDays('2012-13-01', 1)).toThrow(RangeError)
})
