import { describe, expect, it } from 'vitest'
import { readTimes, readWall } from '../../../../shared/home/file/times.ts'

const read = (texts: readonly string[], timeZone = 'Europe/Berlin', column: 'start' | 'end' = 'start') =>
  readTimes(
    texts.map((text, i) => ({ line: i + 2, text })),
    { timeZone, fileName: 'meter.csv', column },
  )
const iso = (instants: readonly number[]) => instants.map((at) => new Date(at).toISOString().slice(0, 16))

describe('readWall', () => {
  it.each([
    ['2026-03-01T14:00', '2026-03-01T14:00', null],
    ['2026-03-01 14:00:00', '2026-03-01T14:00', null],
    ['2026-03-01T14:00:00.000Z', '2026-03-01T14:00', 0],
    ['2026-03-01T14:00+0530', '2026-03-01T14:00', 330],
    ['2026-03-01T14:00-05', '2026-03-01T14:00', -300],
    ['2026-02-28T24:00', '2026-03-01T00:00', null],
    ['2026-02-28T23:59:59', '2026-03-01T00:00', null],
  ])('reads %s', (text, wall, offsetMinutes) => {
    const found = readWall(text)
    expect(new Date(found?.wall ?? 0).toISOString().slice(0, 16)).toBe(wall)
    expect(found?.offset).toBe(offsetMinutes === null ? null : offsetMinutes * 60_000)
  })

  it.each([
    '',
    '2026-03-01',
    '01.03.2026 14:00',
    '2026-02-30T10:00',
    '2026-03-01T25:00',
    '2026-03-01T24:15',
    '2026-03-01T10:60',
    '1772373600',
  ])('refuses %j', (text) => {
    expect(readWall(text)).toBeNull()
  })
})

describe('readTimes', () => {
  it('reads the repeated hour in order, summer time first', () => {
    const { instants, notes } = read([
      '2026-10-25T01:00',
      '2026-10-25T02:00',
      '2026-10-25T02:00',
      '2026-10-25T03:00',
    ])
    expect(iso(instants)).toEqual([
      '2026-10-24T23:00',
      '2026-10-25T00:00',
      '2026-10-25T01:00',
      '2026-10-25T02:00',
    ])
    expect(notes).toHaveLength(1)
    expect(notes[0]).toMatchObject({ kind: 'clock_change', at: Date.parse('2026-10-25T00:00:00Z') })
  })

  it('reads quarters of the repeated hour, and a file that begins with its newest row', () => {
    const quarters = [
      '01:45',
      '02:00',
      '02:15',
      '02:30',
      '02:45',
      '02:00',
      '02:15',
      '02:30',
      '02:45',
      '03:00',
    ].map((time) => `2026-10-25T${time}`)
    const forward = read(quarters).instants
    expect(forward.every((at, i) => i === 0 || at - (forward[i - 1] ?? 0) === 900_000)).toBe(true)
    expect(read([...quarters].reverse()).instants).toEqual([...forward].reverse())
  })

  it('moves times that clocks skip, with a note', () => {
    const { instants, notes } = read(['2026-03-29T01:00', '2026-03-29T02:00', '2026-03-29T04:00'])
    expect(iso(instants)).toEqual(['2026-03-29T00:00', '2026-03-29T01:00', '2026-03-29T02:00'])
    expect(notes[0]?.text).toContain('On 2026-03-29 clocks skip an hour')
  })

  it('finds no gap in hours labelled by their end in spring', () => {
    const { instants, notes } = read(
      ['2012-03-11T01:00', '2012-03-11T03:00', '2012-03-11T04:00'],
      'America/Toronto',
      'end',
    )
    expect(instants.map((at, i) => at - (instants[i - 1] ?? at))).toEqual([0, 3_600_000, 3_600_000])
    expect(notes).toEqual([])
  })

  it('takes an offset as it is, whatever the zone', () => {
    expect(iso(read(['2026-10-25T02:00+02:00', '2026-10-25T02:00+01:00']).instants)).toEqual([
      '2026-10-25T00:00',
      '2026-10-25T01:00',
    ])
  })

  it('names column and line of a bad time', () => {
    expect(() => read(['2026-10-25T02:00', 'noon'], 'Europe/Berlin', 'end')).toThrow(
      /^meter\.csv line 3: end is not an ISO 8601 time/,
    )
  })
})
