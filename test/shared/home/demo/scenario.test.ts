import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { instantOf, localDay, localMinute } from '../../../../shared/home/demo/calendar.ts'
import { createScenario } from '../../../../shared/home/demo/scenario.ts'

const DAY = 86_400_000
const present = fc
  .integer({ min: Date.parse('2025-03-01'), max: Date.parse('2032-01-01') })
  .map((at) => Math.floor(at / 60_000) * 60_000)

describe('createScenario', () => {
  it('has one whole outage and at least a day of one value in any seven local days', () => {
    fc.assert(
      fc.property(present, (now) => {
        const scenario = createScenario(1, now)
        const week = { start: instantOf(localDay(now) - 7, localMinute(now)), end: now }
        const hours = (spells: readonly { start: number; end: number }[]) =>
          spells.map((one) => (Math.min(one.end, week.end) - Math.max(one.start, week.start)) / 3_600_000)
        expect(hours(scenario.outages(week)).reduce((sum, h) => sum + h, 0)).toBeGreaterThan(2)
        expect(Math.max(...hours(scenario.stuck(week)))).toBeGreaterThan(24)
      }),
      // In the middle of an outage in the week in which the clock is put back, when 168 hours hold one hour less of it.
      { examples: [[Date.parse('2027-11-03T13:30:00Z')]] },
    )
  })

  it('is failing at every present: the compressor runs more than eight weeks before', () => {
    fc.assert(
      fc.property(present, (now) => {
        const { fridgeDuty, contactLostSince, sideDoorBattery, repairSince } = createScenario(1, now)
        expect(fridgeDuty(now)).toBeGreaterThan(fridgeDuty(now - 56 * DAY) + 0.05)
        expect(fridgeDuty(now - 200 * DAY)).toBe(0.33)
        expect(contactLostSince).toBeLessThan(now)
        expect(repairSince).toBeLessThan(now)
        expect(sideDoorBattery(now)).toBe(8)
        expect(sideDoorBattery(now - 90 * DAY)).toBeGreaterThan(8)
      }),
    )
  })

  it('tells the same of the past at every present of a month', () => {
    const early = createScenario(1, Date.parse('2026-11-02T00:00:00Z'))
    const late = createScenario(1, Date.parse('2026-11-29T00:00:00Z'))
    for (let at = Date.parse('2026-08-01'); at < Date.parse('2026-11-30'); at += 7 * 3_600_000) {
      expect(late.fridgeDuty(at)).toBe(early.fridgeDuty(at))
      expect(late.bathroomBattery(at)).toBe(early.bathroomBattery(at))
    }
    expect(late.contactLostSince).toBe(early.contactLostSince)
  })
})
