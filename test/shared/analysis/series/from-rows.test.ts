import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { energySeries, powerSeries } from '../../../../shared/analysis/series/from-rows.ts'
import { total } from '../../../../shared/analysis/series/series.ts'
import type { StatisticRow } from '../../../../shared/domain/home-data.ts'
import { HOUR, MONDAY, meterRows } from '../points.ts'

const kinds = (rows: readonly StatisticRow[]) =>
  energySeries('m', 'Meter', rows, 'hour').flags.map((flag) => flag.kind)

describe('energySeries', () => {
  it('adds up changes, never readings', () => {
    const series = energySeries('m', 'Meter', meterRows([5, 6.5], 1_000), 'hour')
    expect(total(series.points)).toBe(11.5)
    expect(series.flags).toEqual([])
  })

  it('sorts, keeps the last of two rows for one bucket and says so', () => {
    const [a, b] = meterRows([1, 2])
    const series = energySeries('m', 'Meter', [b!, a!, { ...a!, change: 1.5 }], 'hour')
    expect(series.points.map((p) => p.value)).toEqual([1.5, 2])
    expect(series.flags.map((flag) => flag.kind)).toEqual(['duplicate'])
  })

  it('leaves out rows without a change', () => {
    const rows = [
      { start: MONDAY, end: MONDAY + HOUR, mean: 300 },
      ...meterRows([Number.NaN, 2], 0, MONDAY + HOUR),
    ]
    expect(energySeries('m', 'Meter', rows, 'hour').points.map((p) => p.value)).toEqual([2])
  })

  it('flags a gap of more than 2 buckets with its length', () => {
    const rows = [...meterRows([1, 1]), ...meterRows([1], 1_002, MONDAY + 7 * HOUR)]
    const [flag] = energySeries('m', 'Meter', rows, 'hour').flags
    expect(flag).toMatchObject({ kind: 'gap', start: MONDAY + 2 * HOUR, end: MONDAY + 7 * HOUR })
    expect(flag?.effect).toBe('no data for 5 h')
    expect(kinds([...meterRows([1, 1]), ...meterRows([1], 1_002, MONDAY + 4 * HOUR)])).toEqual([])
  })

  it('flags the growth that lands in one bucket after an outage', () => {
    const before = meterRows(Array.from({ length: 48 }, () => 0.4))
    const after = meterRows([6.2, 0.4], 1_019.2, MONDAY + 60 * HOUR)
    expect(kinds([...before, ...after])).toEqual(['gap', 'catch_up'])
    expect(kinds([...before, ...meterRows([0.5, 0.4], 1_019.2, MONDAY + 60 * HOUR)])).toEqual(['gap'])
  })

  it('tells resets, dips and negative changes apart, and repairs none of them', () => {
    const row = (i: number, change: number, state: number) => ({
      start: MONDAY + i * HOUR,
      end: MONDAY + (i + 1) * HOUR,
      change,
      state,
    })
    const series = energySeries(
      'm',
      'Meter',
      [row(0, 1, 100), row(1, -2, 98), row(2, 3, 3), row(3, -90, 0.1)],
      'hour',
    )
    expect(series.flags.map((flag) => flag.kind)).toEqual(['dip', 'reset', 'negative'])
    expect(total(series.points)).toBe(-88)
  })

  it('never throws on patchy rows and never invents a value', () => {
    const row = fc.record(
      {
        start: fc.integer({ min: 0, max: 200 }).map((h) => h * HOUR),
        end: fc.integer({ min: 0, max: 201 }).map((h) => h * HOUR),
        change: fc.double(),
        state: fc.double(),
      },
      { requiredKeys: ['start', 'end'] },
    )
    fc.assert(
      fc.property(fc.array(row, { maxLength: 60 }), (rows) => {
        const { points } = energySeries('m', 'Meter', rows as StatisticRow[], 'hour')
        for (const [i, point] of points.entries()) {
          expect(Number.isFinite(point.value)).toBe(true)
          if (i > 0) expect(point.start).toBeGreaterThan(points[i - 1]!.start)
        }
      }),
    )
  })
})

it('reads mean power, also below zero', () => {
  const rows = [{ start: MONDAY, end: MONDAY + HOUR, mean: -120, min: -300, max: 10 }]
  const series = powerSeries('p', 'Power', rows, 'hour')
  expect(series).toMatchObject({ unit: 'W', points: [{ value: -120 }], flags: [] })
})
