import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bandAt } from '../../../../shared/analysis/tariff/bands.ts'
import { costOf } from '../../../../shared/analysis/tariff/cost.ts'
import { whatIf } from '../../../../shared/analysis/tariff/what-if.ts'
import type { Tariff, TariffBand } from '../../../../shared/domain/tariff.ts'
import { dayWindow, startOfLocalDay } from '../../../../shared/domain/time/zone.ts'
import { BERLIN, HOUR, MINUTE, MONDAY, pointsOf, repeat } from '../points.ts'

const TORONTO = 'America/Toronto'
const band = (
  name: string,
  rate: number,
  from: string,
  to: string,
  rest: Partial<TariffBand> = {},
): TariffBand => ({
  name,
  rate,
  from,
  to,
  days: 'working',
  months: null,
  ...rest,
})
const tariff = (bands: readonly TariffBand[], rest: Partial<Tariff> = {}): Tariff => ({
  currency: 'CAD',
  standingPerDay: 0,
  import: bands,
  holidays: [],
  exportRate: null,
  dynamic: null,
  dynamicExport: null,
  ...rest,
})
/** The time-of-use tariff of the household fixture, Ontario in winter 2011/12. */
const ONTARIO = tariff(
  [
    band('on-peak', 0.108, '07:00', '11:00'),
    band('on-peak', 0.108, '17:00', '19:00'),
    band('mid-peak', 0.092, '11:00', '17:00'),
    band('off-peak', 0.062, '00:00', '24:00', { days: 'all' }),
  ],
  { holidays: ['2011-12-26'] },
)
const day = (date: string, hours = 24) => repeat(hours, 1, startOfLocalDay(date, TORONTO))
const kwhOf = (points: ReturnType<typeof day>, of = ONTARIO) =>
  Object.fromEntries(costOf(points, [], of, TORONTO).byBand.map(({ name, kwh }) => [name, kwh]))

describe('time-of-use bands', () => {
  it('go by the local start of the hour on working days', () => {
    expect(kwhOf(day('2011-11-25'))).toEqual({ 'off-peak': 12, 'on-peak': 6, 'mid-peak': 6 })
  })

  it('are those of the weekend on Saturdays and on holidays', () => {
    expect(kwhOf(day('2011-11-26'))).toEqual({ 'off-peak': 24 })
    expect(kwhOf(day('2011-12-26'))).toEqual({ 'off-peak': 24 })
    expect(kwhOf(day('2011-12-26'), { ...ONTARIO, holidays: [] })['on-peak']).toBe(6)
  })

  it('keep to local hours over a clock change', () => {
    const everyDay = tariff([
      band('night', 0.1, '00:00', '06:00', { days: 'all' }),
      band('day', 0.3, '06:00', '24:00', { days: 'all' }),
    ])
    expect(kwhOf(day('2012-03-11', 23), everyDay)).toEqual({ night: 5, day: 18 })
    expect(kwhOf(day('2012-11-04', 25), everyDay)).toEqual({ night: 7, day: 18 })
  })

  it('may go over midnight, and hold in some months only', () => {
    const seasonal = tariff([
      band('winter night', 0.1, '22:00', '06:00', { days: 'all', months: [12, 1] }),
      band('rest', 0.3, '00:00', '24:00', { days: 'all' }),
    ])
    const at = (iso: string) => bandAt(seasonal, Date.parse(iso), TORONTO)?.name
    expect(at('2012-01-10T22:00:00-05:00')).toBe('winter night')
    expect(at('2012-01-11T05:59:00-05:00')).toBe('winter night')
    expect(at('2012-01-11T06:00:00-05:00')).toBe('rest')
    expect(at('2012-02-10T23:00:00-05:00')).toBe('rest')
  })

  it('are found in their order, or not at all', () => {
    expect(bandAt(ONTARIO, Date.parse('2011-11-25T07:00:00-05:00'), TORONTO)?.name).toBe('on-peak')
    expect(
      bandAt(tariff([band('a', 1, '08:00', '09:00')]), Date.parse('2011-11-25T07:00:00-05:00'), TORONTO),
    ).toBeNull()
  })
})

describe('costOf', () => {
  it('comes to the bill that a calculator gives', () => {
    // Friday and the Saturday after: 12 × 0.062 + 6 × 0.092 + 6 × 0.108, and 24 × 0.062.
    const points = [...day('2011-11-25'), ...day('2011-11-26')]
    const cost = costOf(points, [], { ...ONTARIO, standingPerDay: 0.5 }, TORONTO)
    expect(cost.total).toBeCloseTo(12 * 0.062 + 6 * 0.092 + 6 * 0.108 + 24 * 0.062 + 1, 10)
    expect(cost).toMatchObject({ days: 2, standing: 1, kwh: 48, unpricedKwh: 0, export: 0 })
  })

  it('takes off what the export earns', () => {
    const cost = costOf(day('2011-11-26'), pointsOf([3, 2]), { ...ONTARIO, exportRate: 0.05 }, TORONTO)
    expect(cost.export).toBeCloseTo(0.25)
    expect(cost.exportKwh).toBe(5)
    expect(cost.total).toBeCloseTo(24 * 0.062 - 0.25 + cost.standing)
  })

  it('counts a day of 25 hours once for the standing charge, and a part of a day as part', () => {
    const flat = tariff([band('flat', 0.3, '00:00', '24:00', { days: 'all' })], { standingPerDay: 0.4 })
    const window = dayWindow('2026-10-24', '2026-10-26', BERLIN)
    const span = { start: Date.parse(window.start), end: Date.parse(window.end) }
    expect(costOf(repeat(73, 1, span.start), [], flat, BERLIN, { span }).standing).toBeCloseTo(1.2)
    expect(costOf(repeat(6, 1), [], flat, BERLIN).days).toBeCloseTo(0.25)
  })

  it('goes by the price of the hour where the tariff is dynamic', () => {
    const prices = pointsOf([0.1, 0.4])
    const cost = costOf(pointsOf([2, 3, 5]), [], tariff([]), BERLIN, { prices })
    expect(cost.byBand).toEqual([{ name: 'dynamic', rate: null, kwh: 5, cost: 2 * 0.1 + 3 * 0.4 }])
    expect(cost.unpricedKwh).toBe(5)
  })

  it('prices quarter hours within their band', () => {
    const start = Date.parse('2011-11-25T10:30:00-05:00')
    expect(kwhOf(repeat(4, 0.5, start, 15 * MINUTE))).toEqual({ 'on-peak': 1, 'mid-peak': 1 })
  })

  it('does not price whole days by bands, but by one price', () => {
    const wholeDay = [{ start: MONDAY, end: MONDAY + 24 * HOUR, value: 10 }]
    expect(costOf(wholeDay, [], ONTARIO, BERLIN)).toMatchObject({ total: null, unpricedKwh: 10 })
    const flat = tariff([band('flat', 0.3, '00:00', '24:00', { days: 'all' })])
    expect(costOf(wholeDay, [], flat, BERLIN).total).toBeCloseTo(3)
  })

  it('knows no total of nothing', () => {
    expect(costOf([], [], ONTARIO, TORONTO)).toMatchObject({ total: null, byBand: [], days: 0, kwh: 0 })
  })

  it('spreads every kWh over the bands, nothing twice and nothing lost', () => {
    const kwh = fc.array(fc.double({ min: 0, max: 9, noNaN: true }), { minLength: 1, maxLength: 400 })
    fc.assert(
      fc.property(kwh, fc.integer({ min: 0, max: 9_000 }), (values, hour) => {
        const cost = costOf(pointsOf(values, MONDAY + hour * HOUR), [], ONTARIO, TORONTO)
        const sum = cost.byBand.reduce((total, each) => total + each.kwh, 0)
        expect(sum).toBeCloseTo(cost.kwh, 6)
        expect(cost.total!).toBeGreaterThanOrEqual(cost.kwh * 0.062 - 1e-9)
        expect(cost.total!).toBeLessThanOrEqual(cost.kwh * 0.108 + 1e-9)
      }),
    )
  })
})

it('puts the same hours under other tariffs', () => {
  const flat = tariff([band('flat', 0.07, '00:00', '24:00', { days: 'all' })])
  const [now, other] = whatIf(
    day('2011-11-26'),
    [],
    [
      { name: 'time of use', tariff: ONTARIO },
      { name: 'flat', tariff: flat },
    ],
    TORONTO,
  )
  expect(now?.difference).toBe(0)
  expect(other?.difference).toBeCloseTo(24 * 0.008)
})
