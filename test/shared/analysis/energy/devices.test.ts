import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deviceShares, parentsOf } from '../../../../shared/analysis/energy/devices.ts'
import { inLocalHours } from '../../../../shared/analysis/energy/local-hours.ts'
import type { DeviceConsumption } from '../../../../shared/domain/home-data.ts'
import { BERLIN, HOUR, MONDAY, pointsOf, repeat, seriesOf } from '../points.ts'

const device = (statistic: string, includedIn: string | null = null): DeviceConsumption => ({
  statistic,
  name: statistic.toUpperCase(),
  includedIn,
})
const metered = (kwh: Record<string, number>) =>
  new Map(Object.entries(kwh).map(([id, value]) => [id, seriesOf(pointsOf([value]), { id })]))

describe('deviceShares', () => {
  const devices = [device('kitchen'), device('fridge', 'kitchen'), device('oven', 'kitchen'), device('car')]

  it('adds up roots alone, so nothing in a circuit counts twice', () => {
    const shares = deviceShares(devices, metered({ kitchen: 4, fridge: 1, oven: 2, car: 5 }), 20)
    expect(shares.devices.map((d) => [d.name, d.kwh, d.share])).toEqual([
      ['CAR', 5, 0.25],
      ['KITCHEN', 4, 0.2],
      ['OVEN', 2, 0.1],
      ['FRIDGE', 1, 0.05],
    ])
    expect(shares).toMatchObject({
      trackedKwh: 9,
      untrackedKwh: 11,
      untrackedShare: 0.55,
      doubleCounting: false,
    })
  })

  it('counts the parts of a circuit that has no data', () => {
    const shares = deviceShares(devices, metered({ fridge: 1, oven: 2 }), 20)
    expect(shares.trackedKwh).toBe(3)
    expect(shares.silent).toEqual(['KITCHEN', 'CAR'])
  })

  it('sees double counting below −2 % of consumption', () => {
    expect(deviceShares([device('a')], metered({ a: 10.3 }), 10).doubleCounting).toBe(true)
    expect(deviceShares([device('a')], metered({ a: 10.1 }), 10).doubleCounting).toBe(false)
  })

  it('knows no shares where consumption is unknown or zero', () => {
    for (const used of [null, 0]) {
      const shares = deviceShares([device('a')], metered({ a: 1 }), used)
      expect(shares.devices[0]?.share).toBeNull()
      expect(shares.untrackedShare).toBeNull()
    }
    expect(deviceShares([], new Map(), 10).untrackedKwh).toBeNull()
  })

  it('ends on circles of parents, and counts each of their members at most once', () => {
    const ids = ['a', 'b', 'c', 'd']
    const parent = fc.constantFrom(...ids, null)
    fc.assert(
      fc.property(fc.tuple(parent, parent, parent, parent), (parents) => {
        const list = ids.map((id, i) => device(id, parents[i] ?? null))
        const { trackedKwh } = deviceShares(list, metered({ a: 1, b: 1, c: 1, d: 1 }), 10)
        expect(trackedKwh).toBeGreaterThanOrEqual(1)
        expect(trackedKwh).toBeLessThanOrEqual(4)
        expect(parentsOf(list).size).toBe(4)
      }),
    )
  })
})

it('picks local hours over midnight', () => {
  const night = inLocalHours(
    repeat(24, (i) => i),
    BERLIN,
    22,
    6,
  )
  expect(night.map((p) => p.value)).toEqual([0, 1, 2, 3, 4, 5, 22, 23])
  const back = Date.parse('2026-10-24T22:00:00Z')
  expect(inLocalHours(repeat(25, 1, back), BERLIN, 1, 5)).toHaveLength(5)
  expect(inLocalHours(repeat(24, 1, MONDAY + HOUR), BERLIN, 3, 3)).toHaveLength(24)
})
