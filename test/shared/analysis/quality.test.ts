import { describe, expect, it } from 'vitest'
import { describeFlag, qualityFlags } from '../../../shared/analysis/quality.ts'
import { energySeries } from '../../../shared/analysis/series/from-rows.ts'
import type { Flag, Series } from '../../../shared/analysis/series/series.ts'
import { BERLIN, HOUR, MINUTE, MONDAY, meterRows, repeat, seriesOf } from './points.ts'

const WEEK = { start: MONDAY, end: MONDAY + 168 * HOUR }
const context = { span: WEEK, zone: BERLIN, now: WEEK.end }
/** A load that changes every hour. */
const living = (i: number) => 0.3 + 0.01 * ((i * 37) % 23)
const kinds = (list: readonly Series[], rest = {}) =>
  qualityFlags(list, { ...context, ...rest }).map((flag) => flag.kind)
const series = (value: (i: number) => number, rest: Partial<Series> = {}) =>
  seriesOf(repeat(168, value), rest)

describe('qualityFlags', () => {
  it('finds nothing odd about sound data', () => {
    expect(kinds([series(living)])).toEqual([])
  })

  it('flags missing data, with how much there is', () => {
    const [flag] = qualityFlags([seriesOf(repeat(84, living, MONDAY + 84 * HOUR))], context)
    expect(flag).toMatchObject({ kind: 'coverage', effect: 'there is data for 50 % of the time' })
    expect(qualityFlags([seriesOf([])], context)[0]?.effect).toBe('there is no data at all')
  })

  it('flags rows that stopped coming, up to now and not beyond', () => {
    expect(kinds([seriesOf(repeat(160, living))])).toEqual(['stale'])
    expect(kinds([seriesOf(repeat(160, living))], { now: MONDAY + 161 * HOUR })).toEqual([])
  })

  it('passes on what the rows themselves showed', () => {
    const rows = [
      ...meterRows(Array.from({ length: 100 }, (_, i) => living(i))),
      ...meterRows(
        Array.from({ length: 60 }, (_, i) => living(i)),
        1_040,
        MONDAY + 108 * HOUR,
      ),
    ]
    expect(kinds([energySeries('m', 'M', rows, 'hour')])).toEqual(['gap'])
  })

  it('flags a value that stands still for a day in a series that lives', () => {
    const [flag] = qualityFlags([series((i) => (i >= 40 && i < 70 ? 0.4 : living(i)))], context)
    expect(flag).toMatchObject({
      kind: 'stuck',
      start: MONDAY + 40 * HOUR,
      end: MONDAY + 70 * HOUR,
      effect: 'one and the same value for 30 h',
    })
    expect(kinds([series((i) => (i >= 40 && i < 60 ? 0.4 : living(i)))])).toEqual([])
    expect(kinds([series((i) => (i % 50 === 0 ? 2 : 0))])).toEqual([])
  })

  it('lets solar, export and battery rest at zero', () => {
    const dark = series((i) => (i >= 40 && i < 70 ? 0 : living(i)), { id: 'grid_to' })
    expect(kinds([dark], { roles: { gridTo: ['grid_to'], solar: ['sun'] } })).toEqual([])
    expect(kinds([dark])).toEqual(['stuck'])
  })

  it('flags a jump by 1000 that stays', () => {
    const [flag] = qualityFlags([series((i) => living(i) * (i >= 130 ? 0.001 : 1))], context)
    expect(flag).toMatchObject({ kind: 'unit_mix', start: MONDAY + 130 * HOUR })
    expect(kinds([series((i) => living(i) * (i === 60 ? 30 : 1))])).toEqual([])
  })

  it('flags two devices that count the same energy, not a part of a circuit', () => {
    const list = [
      series(living, { id: 'a', name: 'Oven' }),
      series((i) => living(i) * 1.01, { id: 'b', name: 'Stove' }),
      series((i) => living(i) * 1.5, { id: 'c', name: 'Car' }),
    ]
    const device = (statistic: string, includedIn: string | null = null) => ({
      statistic,
      name: statistic,
      includedIn,
    })
    const found = qualityFlags(list, { ...context, devices: [device('a'), device('b'), device('c')] })
    expect(found).toMatchObject([
      { kind: 'duplicate', ids: ['a', 'b'], effect: 'Oven and Stove count the same energy' },
    ])
    expect(kinds(list, { devices: [device('a', 'b'), device('b'), device('c')] })).toEqual([])
  })

  it('flags what cannot be', () => {
    expect(kinds([series((i) => (i === 9 ? 60 : living(i)))])).toEqual(['impossible'])
    const nightly = series((i) => living(i), { id: 'sun' })
    expect(kinds([nightly], { roles: { solar: ['sun'] } })).toEqual(['impossible'])
    const daily = series((i) => (i % 24 >= 9 && i % 24 < 17 ? living(i) : 0), { id: 'sun' })
    expect(kinds([daily], { roles: { solar: ['sun'] } })).toEqual([])
    expect(kinds([series(living, { id: 'out' })], { roles: { gridTo: ['out'] } })).toEqual(['impossible'])
    expect(kinds([series((i) => -100 * living(i), { unit: 'W' })])).toEqual(['impossible'])
  })

  it('names days of 23 or 25 hours', () => {
    const start = Date.parse('2026-10-22T22:00:00Z')
    const span = { start, end: start + 5 * 24 * HOUR }
    const [flag] = qualityFlags([], { ...context, span })
    expect(flag).toMatchObject({ kind: 'clock_change', end: flag!.start + 25 * HOUR })
    expect(describeFlag(flag!, 'x', BERLIN)).toBe(
      'On 25 Oct 2026 the clocks changed, so that day has 25 hours; each is counted once.',
    )
  })

  it('keeps to the span', () => {
    expect(
      kinds([series((i) => (i === 9 ? 60 : living(i)))], {
        span: { start: MONDAY + 24 * HOUR, end: WEEK.end },
      }),
    ).toEqual([])
  })
})

describe('describeFlag', () => {
  const flag = (kind: Flag['kind'], hours: number): Flag => ({
    kind,
    ids: ['a'],
    start: MONDAY,
    end: MONDAY + hours * HOUR,
    effect: 'no data for 5 h',
  })

  it('is a sentence with the local time', () => {
    expect(describeFlag(flag('gap', 5), 'the main meter', BERLIN)).toBe(
      'The main meter: no data for 5 h (Mon 1 Jun 2026, 00:00 to Mon 1 Jun 2026, 05:00).',
    )
    expect(describeFlag(flag('reset', 1), 'Car', BERLIN)).toBe(
      'Car: no data for 5 h (Mon 1 Jun 2026, 00:00).',
    )
    expect(describeFlag(flag('coverage', 168), 'Car', BERLIN)).toBe('Car: no data for 5 h.')
  })
})

it('checks a year of hours of 20 devices', () => {
  const list = Array.from({ length: 20 }, (_, k) =>
    seriesOf(
      repeat(8_760, (i) => living(i + k * k)),
      { id: `d${k}` },
    ),
  )
  const span = { start: MONDAY, end: MONDAY + 8_760 * HOUR }
  const devices = list.map(({ id }) => ({ statistic: id, name: id, includedIn: null }))
  const flags = qualityFlags(list, { span, zone: BERLIN, now: span.end + MINUTE, devices })
  expect(flags.filter((flag) => flag.kind === 'clock_change')).toHaveLength(2)
})
