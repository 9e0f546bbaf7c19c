import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  coverage,
  energyToPower,
  mean,
  powerToEnergy,
  sumSeries,
  total,
  within,
  withoutFlagged,
} from '../../../../shared/analysis/series/series.ts'
import { HOUR, MONDAY, pointsOf, repeat, seriesOf } from '../points.ts'

const DAY = { start: MONDAY, end: MONDAY + 24 * HOUR }

describe('energy and power', () => {
  it('makes 12 kWh of a steady 500 W over 24 h', () => {
    const energy = powerToEnergy(seriesOf(repeat(24, 500), { unit: 'W' }))
    expect(total(energy.points)).toBeCloseTo(12, 10)
    expect(energy.unit).toBe('kWh')
  })

  it('makes the same of 5-minute means', () => {
    const energy = powerToEnergy(
      seriesOf(repeat(288, 500, MONDAY, HOUR / 12), { unit: 'W', bucket: '5minute' }),
    )
    expect(total(energy.points)).toBeCloseTo(12, 10)
  })

  it('comes back to where it began', () => {
    const values = fc.array(fc.double({ min: 0, max: 1e5, noNaN: true }), { minLength: 1 })
    fc.assert(
      fc.property(values, (list) => {
        const back = powerToEnergy(energyToPower(seriesOf(pointsOf(list))))
        for (const [i, point] of back.points.entries()) expect(point.value).toBeCloseTo(list[i]!, 6)
      }),
    )
  })
})

describe('sumSeries', () => {
  const a = seriesOf(pointsOf([1, 2, 3]), { id: 'a' })
  const b = seriesOf(pointsOf([10, 20], MONDAY + HOUR), { id: 'b' })

  it('adds bucket by bucket, with nothing where only one has data', () => {
    expect(sumSeries('all', 'All', [a, b]).points.map((p) => p.value)).toEqual([1, 12, 23])
  })

  it('has no point where none has, and none of nothing', () => {
    const later = seriesOf(pointsOf([5], MONDAY + 9 * HOUR))
    expect(sumSeries('all', 'All', [a, later]).points).toHaveLength(4)
    expect(sumSeries('all', 'All', []).points).toEqual([])
  })

  it('carries the flags of its parts as its own', () => {
    const flag = { kind: 'gap', ids: ['b'], start: MONDAY, end: MONDAY + HOUR, effect: '' } as const
    expect(sumSeries('all', 'All', [a, { ...b, flags: [flag] }]).flags[0]?.ids).toEqual(['all', 'b'])
  })
})

describe('coverage', () => {
  it('is the covered share of the time', () => {
    expect(coverage(repeat(24, 1), DAY)).toBe(1)
    expect(coverage(repeat(6, 1), DAY)).toBe(0.25)
    expect(coverage([], DAY)).toBe(0)
    expect(coverage(repeat(6, 1), { start: MONDAY, end: MONDAY })).toBe(0)
  })

  it('counts no hour twice and nothing outside', () => {
    const twice = [...repeat(12, 1), ...repeat(12, 1)].sort((x, y) => x.start - y.start)
    expect(coverage(twice, DAY)).toBe(0.5)
    expect(coverage(repeat(48, 1, MONDAY - 12 * HOUR), DAY)).toBe(1)
  })

  it('is 1 for the 25 hours of a day on which clocks go back', () => {
    const start = Date.parse('2026-10-24T22:00:00Z')
    expect(coverage(repeat(25, 1, start), { start, end: start + 25 * HOUR })).toBe(1)
    expect(coverage(repeat(24, 1, start), { start, end: start + 25 * HOUR })).toBeCloseTo(0.96)
  })
})

it('cuts a series to a span with the flags that touch it', () => {
  const flags = [0, 30].map((h) => ({
    kind: 'reset' as const,
    ids: ['a'],
    start: MONDAY + h * HOUR,
    end: MONDAY + (h + 1) * HOUR,
    effect: '',
  }))
  const cut = within(seriesOf(repeat(48, 1), { flags }), DAY)
  expect(cut.points).toHaveLength(24)
  expect(cut.flags).toHaveLength(1)
})

it('leaves out what a distorting flag of its own covers, and nothing else', () => {
  const flag = (kind: 'stuck' | 'gap', id: string) => ({
    kind,
    ids: [id],
    start: MONDAY + 2 * HOUR,
    end: MONDAY + 5 * HOUR,
    effect: '',
  })
  const left = (flags: ReturnType<typeof flag>[]) =>
    withoutFlagged(seriesOf(repeat(24, 1), { flags }), DAY).points.length
  expect(left([flag('stuck', 'sensor.meter')])).toBe(21)
  expect(left([flag('gap', 'sensor.meter')])).toBe(24)
  expect(left([flag('stuck', 'sensor.other')])).toBe(24)
})

it('knows no total and no mean of nothing', () => {
  expect(total([])).toBeNull()
  expect(mean([])).toBeNull()
  expect(mean([...repeat(1, 100), ...repeat(1, 400, MONDAY + HOUR, HOUR / 2)])).toBe(200)
})
