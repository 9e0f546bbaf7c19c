import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AetherError } from '../../../shared/errors/aether-error.ts'
import { parseTariff } from '../../../shared/home/tariff-file.ts'

const flat = { currency: 'EUR', import: [{ rate: 0.31 }] }

function faultOf(json: unknown): string {
  try {
    parseTariff(json)
  } catch (thrown) {
    if (thrown instanceof AetherError && thrown.code === 'INVALID_INPUT') return thrown.message
    throw thrown
  }
  return 'no fault'
}

describe('parseTariff', () => {
  it('reads the smallest tariff, as text or parsed', () => {
    const tariff = parseTariff(flat)
    expect(tariff).toEqual({
      currency: 'EUR',
      standingPerDay: 0,
      import: [{ name: 'flat', rate: 0.31, days: 'all', from: '00:00', to: '24:00', months: null }],
      holidays: [],
      exportRate: null,
      dynamic: null,
      dynamicExport: null,
    })
    expect(parseTariff(JSON.stringify(flat))).toEqual(tariff)
  })

  it('reads a time-of-use tariff with names by rate', () => {
    const tariff = parseTariff({
      currency: 'CAD',
      standing_per_day: 0.5,
      import: [
        { rate: 0.108, days: 'weekdays', from: '07:00', to: '11:00' },
        { rate: 0.092, days: 'working', from: '11:00', to: '17:00' },
        { rate: 0.062 },
        { name: 'never', rate: 0.062, days: 'Weekends' },
      ],
      holidays: ['2011-12-26'],
      export: 0.08,
    })
    expect(tariff.import.map((band) => [band.name, band.days])).toEqual([
      ['on-peak', 'working'],
      ['mid-peak', 'working'],
      ['off-peak', 'all'],
      ['never', 'weekend'],
    ])
    expect(tariff).toMatchObject({ standingPerDay: 0.5, exportRate: 0.08, holidays: ['2011-12-26'] })
  })

  it('numbers bands by rate where there are more than three', () => {
    const bands = [0.4, 0.3, 0.2, 0.1].map((rate, i) => ({
      rate,
      from: `0${i}:00`,
      to: i === 3 ? '24:00' : `0${i + 1}:00`,
    }))
    expect(parseTariff({ ...flat, import: bands }).import.map((band) => band.name)).toEqual([
      'band 4',
      'band 3',
      'band 2',
      'band 1',
    ])
  })

  it('splits a band over midnight', () => {
    const tariff = parseTariff({
      ...flat,
      import: [
        { name: 'night', rate: 0.2, from: '22:00', to: '06:00' },
        { name: 'day', rate: 0.3, from: '06:00', to: '22:00' },
      ],
    })
    expect(tariff.import.map(({ name, from, to }) => [name, from, to])).toEqual([
      ['night', '22:00', '24:00'],
      ['night', '00:00', '06:00'],
      ['day', '06:00', '22:00'],
    ])
    const evening = {
      ...flat,
      import: [
        { rate: 0.2, from: '18:00', to: '00:00' },
        { rate: 0.3, to: '18:00' },
      ],
    }
    expect(parseTariff(evening).import.map((band) => band.to)).toEqual(['24:00', '18:00'])
  })

  it('reads seasons as months or as a range over the new year', () => {
    const seasons = (season: unknown) =>
      parseTariff({ ...flat, import: [{ rate: 0.4, season }, { rate: 0.3 }] }).import[0]?.months
    expect(seasons([12, 1, 1])).toEqual([1, 12])
    expect(seasons({ from: '11', to: '02' })).toEqual([1, 2, 11, 12])
    expect(seasons({ from: '04', to: '04' })).toEqual([4])
    expect(seasons(null)).toBeNull()
  })

  it.each([
    ['not json', 'the file is not JSON'],
    [null, 'the file must be an object'],
    [[], 'currency is missing; import is missing'],
    [{ import: [{ rate: 1 }] }, 'currency is missing'],
    [{ currency: 'euro SECRET', import: [{ rate: 1 }] }, 'currency must be an ISO 4217 code'],
    [{ currency: 'EUR' }, 'import is missing'],
    [{ currency: 'EUR', import: [] }, 'import must have at least one band'],
    [{ ...flat, import: [{ from: '00:00' }] }, 'import[0].rate is missing'],
    [{ ...flat, import: [{ rate: 'SECRET' }] }, 'import[0].rate must be a number'],
    [{ ...flat, import: [{ rate: 1, from: '7:00 SECRET' }] }, 'import[0].from must be a time'],
    [{ ...flat, import: [{ rate: 1, to: '24:30' }] }, 'import[0].to must be a time'],
    [
      { ...flat, import: [{ rate: 1, days: 'SECRET' }] },
      'import[0].days must be "all", "working" or "weekend"',
    ],
    [{ ...flat, import: [{ rate: 1, season: [13] }] }, 'import[0].season'],
    [{ ...flat, import: [{ rate: 1, price: 2 }] }, 'import[0].price is not known'],
    [{ ...flat, holidays: ['2026-02-30'] }, 'holidays[0] must be a date'],
    [{ ...flat, standing_per_day: -1 }, 'standing_per_day must not be negative'],
    [{ ...flat, export: '0.1' }, 'export must be a number'],
    [
      { ...flat, import: [{ rate: 1, from: '08:00', to: '08:00' }] },
      'import[0].to must differ from its from',
    ],
    [
      {
        ...flat,
        import: [
          { rate: 1, days: 'working' },
          { rate: 1, days: 'weekend', to: '22:00' },
        ],
      },
      'import has no rate on weekends and holidays from 22:00 to 24:00',
    ],
    [
      {
        ...flat,
        import: [
          { rate: 1, season: [1, 2, 3] },
          { rate: 2, season: { from: '05', to: '12' } },
        ],
      },
      'import has no rate on working days from 00:00 to 24:00 in month 4',
    ],
  ])('refuses %j with path and reason, never the value', (json, reason) => {
    const message = faultOf(json)
    expect(message).toContain(reason)
    expect(message).not.toContain('SECRET')
  })

  it('lists all faults at once', () => {
    const message = faultOf({ currency: 1, import: [{ rate: 'x' }, { rate: 1, to: 'y' }] })
    expect(message).toMatch(/currency.*import\[0\]\.rate.*import\[1\]\.to/)
  })

  it('gives every hour of every day a rate when it accepts', () => {
    const clock = (hour: number) => `${String(hour).padStart(2, '0')}:00`
    const band = fc.record({
      rate: fc.constantFrom(0.1, 0.2, 0.3),
      days: fc.constantFrom('all', 'working', 'weekend'),
      from: fc.integer({ min: 0, max: 23 }).map(clock),
      to: fc.integer({ min: 0, max: 24 }).map(clock),
    })
    fc.assert(
      fc.property(fc.array(band, { minLength: 1, maxLength: 5 }), (bands) => {
        const kept = bands.filter((one) => one.from !== one.to)
        if (kept.length === 0) return
        const covered = (kind: string, time: string) =>
          kept.some(
            (one) =>
              (one.days === 'all' || one.days === kind) &&
              (one.from < one.to ? one.from <= time && time < one.to : one.from <= time || time < one.to),
          )
        const all = ['working', 'weekend'].every((kind) =>
          Array.from({ length: 24 }, (_, hour) => covered(kind, clock(hour))).every(Boolean),
        )
        expect(faultOf({ ...flat, import: kept }) === 'no fault').toBe(all)
      }),
    )
  })
})
