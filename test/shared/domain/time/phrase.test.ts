import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defaultDates, findComparison, findDates } from '../../../../shared/domain/time/phrase.ts'
import { addDays, dayWindow } from '../../../../shared/domain/time/zone.ts'
import { windowHours } from '../../../../shared/domain/window.ts'

const ZONE = 'America/Toronto'
/** A Tuesday at noon; there is data from June of the year before. */
const NOW = Date.parse('2026-11-24T17:00:00Z')
const DATA = { start: Date.parse('2025-06-01T04:00:00Z'), end: NOW }

const read = (text: string) => findDates(text, NOW, ZONE, DATA)?.dates ?? null
const span = (start: string, end = start) => ({ start, end })

describe('findDates', () => {
  it.each([
    ['What did I use from 25 November 2011 to 17 March 2012?', '2011-11-25', '2012-03-17'],
    ['25 November 2011 to 17 March 2012', '2011-11-25', '2012-03-17'],
    ['the period 25 November 2011 - 17 March 2012', '2011-11-25', '2012-03-17'],
    ['25 November 2011–17 March 2012', '2011-11-25', '2012-03-17'],
    ['from Nov 25, 2011 until Mar 17, 2012', '2011-11-25', '2012-03-17'],
    ['November 25th, 2011 through March 17th, 2012', '2011-11-25', '2012-03-17'],
    ['25 November to 17 March 2012', '2011-11-25', '2012-03-17'],
    ['between 25 November 2011 and 17 March 2012?', '2011-11-25', '2012-03-17'],
    ['between 2011-11-25 and 2012-03-17', '2011-11-25', '2012-03-17'],
    ['11/25/2011 - 03/17/2012', '2011-11-25', '2012-03-17'],
    ['25/11/2011 to 17/03/2012', '2011-11-25', '2012-03-17'],
    ['from 3 to 9 May', '2026-05-03', '2026-05-09'],
    ['3-9 May 2025', '2025-05-03', '2025-05-09'],
    ['May 3–9, 2026', '2026-05-03', '2026-05-09'],
    ['between the 3rd and 9th of May', '2026-05-03', '2026-05-09'],
    ['between 3 May and 9 May', '2026-05-03', '2026-05-09'],
    ['from November 2011 to March 2012', '2011-11-01', '2012-03-31'],
    ['in January and February', '2026-01-01', '2026-02-28'],
    ['Monday to Wednesday', '2026-11-16', '2026-11-18'],
    ['from last Monday to yesterday', '2026-11-23', '2026-11-23'],
    ['since 1 March', '2026-03-01', '2026-11-24'],
    ['from March onwards', '2026-03-01', '2026-11-24'],
    ['since the start of March 2026', '2026-03-01', '2026-11-24'],
    ['since the beginning of the year', '2026-01-01', '2026-11-24'],
    ['until 5 March 2026', '2025-06-01', '2026-03-05'],
  ])('reads the range "%s"', (text, start, end) => {
    expect(read(text)).toEqual({ start, end })
  })

  it.each([
    ['on the 1st of March', '2026-03-01'],
    ['March 14, 2012', '2012-03-14'],
    ['What about 14th March, 2012?', '2012-03-14'],
    ['2012-03-14', '2012-03-14'],
    ['at 2012-03-14T18:30:00+01:00', '2012-03-14'],
    ['14.03.2012', '2012-03-14'],
    ['03/14/2012', '2012-03-14'],
    ['on Thu 12 Nov', '2026-11-12'],
    ['yesterday at 18:00', '2026-11-23'],
    ['today', '2026-11-24'],
    ['the day before yesterday', '2026-11-22'],
    ['on Tuesday', '2026-11-17'],
    ['last Monday', '2026-11-23'],
    ['on Thursday last week', '2026-11-19'],
    ['3 days ago', '2026-11-21'],
  ])('reads the day "%s"', (text, date) => {
    expect(read(text)).toEqual(span(date))
  })

  it.each([
    ['the last 3 days', '2026-11-21', '2026-11-23'],
    ['last 3 days', '2026-11-21', '2026-11-23'],
    ['in the last 24 hours', '2026-11-23', '2026-11-23'],
    ['over the past 48 hours', '2026-11-22', '2026-11-23'],
    ['the last few days', '2026-11-21', '2026-11-23'],
    ['past two weeks', '2026-11-10', '2026-11-23'],
    ["why was last week's bill so high?", '2026-11-16', '2026-11-22'],
    ['the previous week', '2026-11-16', '2026-11-22'],
    ['the last week', '2026-11-17', '2026-11-23'],
    ['this past week', '2026-11-17', '2026-11-23'],
    ['this week', '2026-11-23', '2026-11-24'],
    ['the week before last', '2026-11-09', '2026-11-15'],
    ['two weeks ago', '2026-11-09', '2026-11-15'],
    ['last month', '2026-10-01', '2026-10-31'],
    ['the past month', '2026-10-24', '2026-11-23'],
    ['this month', '2026-11-01', '2026-11-24'],
    ['last year', '2025-01-01', '2025-12-31'],
    ['the last 12 months', '2025-11-24', '2026-11-23'],
    ['over the whole year', '2025-11-24', '2026-11-23'],
    ['last weekend', '2026-11-21', '2026-11-22'],
    ['last night', '2026-11-23', '2026-11-24'],
    ['March 2012', '2012-03-01', '2012-03-31'],
    ['Which day in March was the dearest?', '2026-03-01', '2026-03-31'],
    ['in December', '2025-12-01', '2025-12-31'],
    ['in may', '2026-05-01', '2026-05-31'],
    ['2011-11', '2011-11-01', '2011-11-30'],
    ['in 2011', '2011-01-01', '2011-12-31'],
    ['What about the whole of 2011?', '2011-01-01', '2011-12-31'],
    ['Q1 2026', '2026-01-01', '2026-03-31'],
    ['the first two weeks of March 2012', '2012-03-01', '2012-03-14'],
    ['the last week of March', '2026-03-25', '2026-03-31'],
    ['the week of 5 October', '2026-10-05', '2026-10-11'],
    ['in the last 30 minutes', '2026-11-24', '2026-11-24'],
    ['over the whole period', '2025-06-01', '2026-11-24'],
    ['use all the data', '2025-06-01', '2026-11-24'],
    ['over the entire history', '2025-06-01', '2026-11-24'],
    ['my highest peak ever', '2025-06-01', '2026-11-24'],
  ])('reads the period "%s"', (text, start, end) => {
    expect(read(text)).toEqual({ start, end })
  })

  it.each([
    'Why is my baseload so high?',
    'It may be the heat pump.',
    'May I ask what it costs?',
    'Is 2000 W much?',
    'more than 2011 kWh',
    'Is the fridge running all the time?',
    'What happens every Monday?',
    'How much do I use on weekdays?',
    'Is the weekend dearer than weekdays?',
    'Did I use more than last week?',
    'on 31 of 30',
    '',
  ])('finds no time in "%s"', (text) => {
    expect(read(text)).toBeNull()
  })

  it('gives back the words that it read', () => {
    expect(findDates('How much last week, please?', NOW, ZONE, DATA)?.phrase).toBe('last week')
  })

  it('takes for a month without a year the latest one that the data holds', () => {
    const data = { start: Date.parse('2011-11-25T05:00:00Z'), end: Date.parse('2012-03-17T05:00:00Z') }
    const ask = (text: string) => findDates(text, data.end, ZONE, data)?.dates
    expect(ask('in December')).toEqual(span('2011-12-01', '2011-12-31'))
    expect(ask('in March')).toEqual(span('2012-03-01', '2012-03-31'))
    expect(ask('all the data')).toEqual(span('2011-11-25', '2012-03-17'))
  })

  it('reads a slash by the custom of the place', () => {
    const ask = (zone: string) => findDates('on 3/4/2026', NOW, zone, DATA)?.dates.start
    expect(ask('America/New_York')).toBe('2026-03-04')
    expect(ask('Europe/Berlin')).toBe('2026-04-03')
  })

  it('never throws, and always gives days in order', () => {
    const word = fc.constantFrom(
      ...'the last past 3 31 days weeks hours week month year of March may 2012 1st 2012-02-30 29 February to until from between and since before yesterday - , . Monday weekend all data ago this than compare with 99 couple whole night'.split(
        ' ',
      ),
    )
    const text = fc.oneof(
      fc.string(),
      fc.array(word, { maxLength: 12 }).map((words) => words.join(' ')),
    )
    const instant = fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2090, 0, 1) })
    fc.assert(
      fc.property(text, instant, instant, instant, (phrase, now, start, end) => {
        const found = findDates(phrase, now, ZONE, { start, end })
        if (found) expect(found.dates.start <= found.dates.end).toBe(true)
        const base = found?.dates ?? defaultDates(now, ZONE)
        const other = findComparison(phrase, now, ZONE, { start, end }, base)
        if (other) expect(other.start <= other.end).toBe(true)
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('findComparison', () => {
  const compare = (text: string, base = span('2026-11-16', '2026-11-22')) =>
    findComparison(text, NOW, ZONE, DATA, base)

  it.each([
    ['How did last week compare with the week before?', '2026-11-09', '2026-11-15'],
    ['and the week before?', '2026-11-09', '2026-11-15'],
    ['the previous period', '2026-11-09', '2026-11-15'],
    ['more than before?', '2026-11-09', '2026-11-15'],
    ['last week compared with March', '2026-03-01', '2026-03-31'],
    ['was last week dearer than in October?', '2026-10-01', '2026-10-31'],
    ['last week vs. the same week last year', '2025-11-16', '2025-11-22'],
    ['last week against last year', '2025-11-16', '2025-11-22'],
  ])('reads "%s"', (text, start, end) => {
    expect(compare(text)).toEqual({ start, end })
  })

  it('keeps both periods of a comparison apart', () => {
    const text = 'Compare 3 to 9 May with 10 to 16 May'
    expect(read(text)).toEqual(span('2026-05-03', '2026-05-09'))
    expect(compare(text, read(text)!)).toEqual(span('2026-05-10', '2026-05-16'))
    expect(read('Compare March to April')).toEqual(span('2026-03-01', '2026-03-31'))
    expect(compare('Compare March to April', span('2026-03-01', '2026-03-31'))).toEqual(
      span('2026-04-01', '2026-04-30'),
    )
    expect(compare('difference between this week and last week', span('2026-11-23', '2026-11-24'))).toEqual(
      span('2026-11-16', '2026-11-22'),
    )
  })

  it('holds whole months against whole months and weekends against weekends', () => {
    expect(compare('than the month before', span('2026-03-01', '2026-03-31'))).toEqual(
      span('2026-02-01', '2026-02-28'),
    )
    expect(compare('than the weekend before', span('2026-11-21', '2026-11-22'))).toEqual(
      span('2026-11-14', '2026-11-15'),
    )
  })

  it('moves a period that would overlap to the days right before', () => {
    expect(compare('Did I use more than last week?', span('2026-11-17', '2026-11-23'))).toEqual(
      span('2026-11-10', '2026-11-16'),
    )
  })

  it('is null where nothing is compared', () => {
    expect(compare('How much did I use last week?')).toBeNull()
    expect(compare('the week before last', span('2026-11-09', '2026-11-15'))).toBeNull()
  })
})

describe('defaultDates', () => {
  it('are the last 7 full local days', () => {
    expect(defaultDates(NOW, ZONE)).toEqual(span('2026-11-17', '2026-11-23'))
    expect(defaultDates(Date.parse('2026-11-24T04:59:00Z'), ZONE)).toEqual(span('2026-11-16', '2026-11-22'))
  })

  it('hold 169 hours when clocks go back', () => {
    const { start, end } = defaultDates(Date.parse('2026-10-27T12:00:00Z'), 'Europe/Berlin')
    expect(windowHours(dayWindow(start, end, 'Europe/Berlin'))).toBe(169)
    expect(addDays(start, 6)).toBe(end)
  })
})
