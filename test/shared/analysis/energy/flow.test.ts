import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  alignFlows,
  consumption,
  consumptionPoints,
  type Flow,
  selfSufficiency,
  splitFlow,
  sumFlows,
} from '../../../../shared/analysis/energy/flow.ts'
import { selfConsumption } from '../../../../shared/analysis/energy/self-consumption.ts'
import { HOUR, MONDAY, pointsOf, seriesOf } from '../points.ts'

const flow = (hour: number, part: Partial<Flow>): Flow => ({
  start: MONDAY + hour * HOUR,
  end: MONDAY + (hour + 1) * HOUR,
  fromGrid: 0,
  toGrid: 0,
  solar: 0,
  fromBattery: 0,
  toBattery: 0,
  ...part,
})

/** The vector of `energy-metrics.md` §4. */
const VECTOR = [
  flow(0, { solar: 4, toBattery: 2, toGrid: 1 }),
  flow(1, { fromGrid: 3, toBattery: 1 }),
  flow(2, { fromBattery: 2 }),
]

const kwh = fc.double({ min: 0, max: 50, noNaN: true })
const anyFlow = fc.record({ fromGrid: kwh, toGrid: kwh, solar: kwh, fromBattery: kwh, toBattery: kwh })
const anyFlows = fc
  .array(anyFlow, { minLength: 1, maxLength: 50 })
  .map((list) => list.map((part, i) => flow(i, part)))

describe("Home Assistant's split", () => {
  it('gives the known results for the three hours', () => {
    expect(consumption(VECTOR)).toBeCloseTo(5)
    expect(selfSufficiency(VECTOR)).toBeCloseTo(0.4)
    expect(selfConsumption(VECTOR)).toBeCloseTo(2 / 3)
    expect(VECTOR.map((each) => splitFlow(each).solarToHome).reduce((a, b) => a + b)).toBeCloseTo(1)
  })

  it('gives no solar to the home when the same is split as one bucket', () => {
    const one = flow(0, { solar: 4, fromGrid: 3, fromBattery: 2, toGrid: 1, toBattery: 3 })
    expect(splitFlow(one)).toMatchObject({ used: 5, solarToHome: 0, gridToBattery: 0, solarToBattery: 3 })
    expect(consumption([one])).toBeCloseTo(5)
    expect(selfSufficiency([one])).toBeCloseTo(0.4)
  })

  it('takes import that the home cannot have used for the battery first', () => {
    expect(splitFlow(flow(0, { fromGrid: 5, toBattery: 4, solar: 1 }))).toMatchObject({
      used: 2,
      gridToBattery: 3,
      solarToBattery: 1,
      solarToHome: 0,
      gridToHome: 2,
    })
  })

  it('lets the battery feed the grid with what solar does not', () => {
    expect(splitFlow(flow(0, { solar: 1, fromBattery: 3, toGrid: 2 }))).toMatchObject({
      solarToGrid: 1,
      batteryToGrid: 1,
      batteryToHome: 2,
    })
  })

  it('is never negative and never gives the home more than it used', () => {
    fc.assert(
      fc.property(anyFlow, (part) => {
        const split = splitFlow(part)
        const { used, home, ...flows } = split
        for (const amount of Object.values(flows)) expect(amount).toBeGreaterThanOrEqual(0)
        expect(split.solarToHome + split.batteryToHome + split.gridToHome).toBeLessThanOrEqual(home + 1e-9)
        expect(home).toBe(Math.max(0, used))
      }),
    )
  })

  it('gives the home all that it used where the meters agree', () => {
    fc.assert(
      fc.property(kwh, kwh, kwh, (fromGrid, solar, fromBattery) => {
        const split = splitFlow({ fromGrid, solar, fromBattery, toGrid: 0, toBattery: 0 })
        expect(split.solarToHome + split.batteryToHome + split.gridToHome).toBeCloseTo(split.used, 9)
      }),
    )
  })
})

describe('ratios', () => {
  it('stay within 0 and 1, or are unknown', () => {
    fc.assert(
      fc.property(anyFlows, (flows) => {
        for (const ratio of [selfSufficiency(flows), selfConsumption(flows)])
          if (ratio !== null) {
            expect(ratio).toBeGreaterThanOrEqual(0)
            expect(ratio).toBeLessThanOrEqual(1 + 1e-9)
          }
      }),
    )
  })

  it('are unknown without consumption, without solar, without data', () => {
    expect(selfSufficiency([])).toBeNull()
    expect(selfSufficiency([flow(0, { solar: 2, toGrid: 2 })])).toBeNull()
    expect(selfConsumption([])).toBeNull()
    expect(selfConsumption([flow(0, { fromGrid: 2 })])).toBeNull()
    expect(consumption([])).toBeNull()
    expect(sumFlows([])).toBeNull()
  })

  it('without a battery is what went straight to the home', () => {
    expect(selfConsumption([flow(0, { solar: 4, toGrid: 3 }), flow(1, { solar: 2 })])).toBeCloseTo(0.5)
  })

  it('drains what went into the battery last first', () => {
    const charged = [flow(0, { solar: 2, toBattery: 2 }), flow(1, { fromGrid: 2, toBattery: 2 })]
    // Of 3 kWh taken out, 2 are the grid's that came last, and 1 is solar.
    expect(selfConsumption([...charged, flow(2, { fromBattery: 3, toGrid: 3 })])).toBe(0)
    expect(selfConsumption([...charged, flow(2, { fromBattery: 3 })])).toBe(1)
  })
})

describe('alignFlows', () => {
  it('adds sources of a kind, clamps below zero, and has zero only beside another source', () => {
    const flows = alignFlows({
      gridFrom: [seriesOf(pointsOf([1, -2])), seriesOf(pointsOf([3]))],
      gridTo: [],
      solar: [seriesOf(pointsOf([5], MONDAY + 2 * HOUR))],
      batteryFrom: [],
      batteryTo: [],
    })
    expect(flows.map(({ fromGrid, solar }) => [fromGrid, solar])).toEqual([
      [4, 0],
      [0, 0],
      [0, 5],
    ])
    expect(sumFlows(flows)).toMatchObject({ fromGrid: 4, solar: 5 })
    expect(consumptionPoints(flows).map((p) => p.value)).toEqual([4, 0, 5])
  })

  it('splits to the same consumption and self-sufficiency in any bucket', () => {
    fc.assert(
      fc.property(anyFlows, (flows) => {
        const totals = sumFlows(flows)!
        const one = [flow(0, totals)]
        expect(consumption(one)!).toBeCloseTo(consumption(flows)!, 6)
        const whole = selfSufficiency(one)
        if (whole !== null && consumption(flows)! > 0.01)
          expect(selfSufficiency(flows)!).toBeCloseTo(whole, 4)
      }),
    )
  })
})
