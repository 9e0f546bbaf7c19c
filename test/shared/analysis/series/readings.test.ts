import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { energyFromReadings, powerFromStates } from '../../../../shared/analysis/series/readings.ts'
import { HOUR, MINUTE, MONDAY } from '../points.ts'

const kwh = (values: readonly number[], unit = 'kWh') =>
  values.map((value, i) => ({ at: MONDAY + i * HOUR, value, unit }))

describe('energyFromReadings', () => {
  it('makes 11.5 kWh of a meter that goes from 1000 to 1011.5', () => {
    expect(energyFromReadings(kwh([1_000, 1_011.5])).kwh).toBe(11.5)
    expect(energyFromReadings(kwh([1_000, 1_003, 1_003, 1_011.5])).kwh).toBe(11.5)
  })

  it('counts on from zero after a reset', () => {
    const result = energyFromReadings(kwh([100, 110, 2, 5]))
    expect(result.kwh).toBe(15)
    expect(result.flags.map((flag) => flag.kind)).toEqual(['reset'])
  })

  it('lets a dip lower the sum, as Home Assistant does', () => {
    const result = energyFromReadings(kwh([100, 110, 109, 112]))
    expect(result.kwh).toBe(12)
    expect(result.flags.map((flag) => flag.kind)).toEqual(['dip'])
  })

  it('drops negative readings', () => {
    const result = energyFromReadings(kwh([100, -1, 104]))
    expect(result).toMatchObject({ kwh: 4, samples: 2 })
    expect(result.flags.map((flag) => flag.kind)).toEqual(['negative'])
  })

  it('converts units of energy and leaves others out with the reason', () => {
    const mixed = [
      { at: MONDAY, value: 1_000, unit: 'kWh' },
      { at: MONDAY + HOUR, value: 1_001_500, unit: 'Wh' },
      { at: MONDAY + 2 * HOUR, value: 1.0115, unit: 'MWh' },
      { at: MONDAY + 3 * HOUR, value: 77, unit: 'VA' },
    ]
    const result = energyFromReadings(mixed)
    expect(result.kwh).toBeCloseTo(11.5, 9)
    expect(result.excluded).toEqual([{ unit: 'VA', reason: 'the unit is not one of energy' }])
  })

  it('knows nothing from fewer than two readings', () => {
    expect(energyFromReadings([]).kwh).toBeNull()
    expect(energyFromReadings(kwh([5])).kwh).toBeNull()
  })

  it('is the difference of the ends for any meter that only grows', () => {
    const steps = fc.array(fc.double({ min: 0, max: 50, noNaN: true }), { minLength: 1, maxLength: 200 })
    fc.assert(
      fc.property(steps, (list) => {
        let sum = 1_000
        const readings = [1_000, ...list.map((step) => (sum += step))]
        expect(energyFromReadings(kwh(readings)).kwh).toBeCloseTo(sum - 1_000, 6)
      }),
    )
  })
})

describe('powerFromStates', () => {
  const every = (minutes: number, hours: number, value = 500) =>
    Array.from({ length: (hours * 60) / minutes }, (_, i) => ({
      at: MONDAY + i * minutes * MINUTE,
      value,
      unit: 'W',
    }))

  it('makes 12 kWh of 500 W over 24 h', () => {
    expect(powerFromStates(every(15, 24), MONDAY + 24 * HOUR)).toMatchObject({ kwh: 12, flags: [] })
  })

  it('holds a state 15 minutes and calls the rest a gap', () => {
    const result = powerFromStates(every(60, 24), MONDAY + 24 * HOUR)
    expect(result.kwh).toBeCloseTo(3)
    expect(result.flags).toHaveLength(24)
    expect(result.flags[0]?.effect).toBe('no reading for 45 min')
  })

  it('takes kW as kW, and mW not for MW', () => {
    expect(powerFromStates([{ at: MONDAY, value: 2, unit: 'kW' }], MONDAY + 15 * MINUTE).kwh).toBe(0.5)
    expect(powerFromStates([{ at: MONDAY, value: 2, unit: 'mW' }], MONDAY + 15 * MINUTE).kwh).toBeCloseTo(
      5e-7,
    )
    expect(powerFromStates([{ at: MONDAY, value: 2, unit: 'var' }], MONDAY + HOUR)).toMatchObject({
      kwh: null,
      points: [],
    })
  })
})
