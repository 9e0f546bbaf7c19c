import { describe, expect, it } from 'vitest'
import { automationGaps } from '../../../../shared/analysis/behaviour/automation-gaps.ts'
import { recurringActions } from '../../../../shared/analysis/behaviour/recurring.ts'
import { startOfLocalDay } from '../../../../shared/domain/time/zone.ts'
import { BERLIN, HOUR, MINUTE, MONDAY } from '../points.ts'
import { automation, entry } from './logbook.ts'

const DAY = 24 * HOUR
const SPAN = { start: MONDAY, end: MONDAY + 14 * DAY }
/** Switched off at 22:30 on these days of the two weeks, a few minutes apart. */
const evenings = (days: readonly number[], rest = {}) =>
  days.map((day, i) =>
    entry(MONDAY + day * DAY + 22.5 * HOUR + ((i * 7) % 20) * MINUTE, { contextUserId: 'anna', ...rest }),
  )

describe('recurringActions', () => {
  it('finds what is done at the same local time, with both counts', () => {
    const [found] = recurringActions(evenings([0, 1, 2, 4, 5, 7, 8, 9, 11, 13]), BERLIN, SPAN)
    expect(found).toMatchObject({ entityId: 'light.lamp', state: 'off', days: 'all', hits: 10, of: 14 })
    expect(Math.abs(found!.minute - 22 * 60 - 40)).toBeLessThan(15)
    expect(found!.recurrence).toBeCloseTo(10 / 14)
  })

  it('says when it is a thing of working days or weekends', () => {
    expect(recurringActions(evenings([0, 1, 2, 3, 4, 7, 8, 9]), BERLIN, SPAN)).toMatchObject([
      { days: 'working', hits: 8, of: 10 },
    ])
    expect(recurringActions(evenings([5, 6, 12, 13]), BERLIN, SPAN)).toMatchObject([
      { days: 'weekend', hits: 4, of: 4 },
    ])
  })

  it('needs 3 days, people, and a thing that can be set', () => {
    expect(recurringActions(evenings([0, 1]), BERLIN, SPAN)).toEqual([])
    const same = [0, 5, 9].map((m) => entry(MONDAY + 22 * HOUR + m * MINUTE))
    expect(recurringActions(same, BERLIN, SPAN)).toEqual([])
    expect(
      recurringActions(evenings([0, 1, 2], { contextEventType: 'automation_triggered' }), BERLIN, SPAN),
    ).toEqual([])
    expect(recurringActions(evenings([0, 1, 2], { entityId: 'binary_sensor.door' }), BERLIN, SPAN)).toEqual(
      [],
    )
    expect(recurringActions(evenings([0, 1, 2], { state: 'unavailable' }), BERLIN, SPAN)).toEqual([])
  })

  it('keeps to the local hour over a clock change', () => {
    const days = ['2026-10-23', '2026-10-24', '2026-10-25', '2026-10-26']
    const span = { start: startOfLocalDay('2026-10-23', BERLIN), end: startOfLocalDay('2026-10-27', BERLIN) }
    const entries = days.map((date) =>
      entry(Date.parse(`${date}T22:30:00${date < '2026-10-25' ? '+02:00' : '+01:00'}`)),
    )
    expect(recurringActions(entries, BERLIN, span)).toMatchObject([{ minute: 22 * 60 + 30, hits: 4, of: 4 }])
  })

  it('joins what happens around midnight', () => {
    const entries = [0, 1, 2, 3].map((day) => entry(MONDAY + (day + 1) * DAY + (day % 2 ? 8 : -8) * MINUTE))
    const [found] = recurringActions(entries, BERLIN, SPAN)
    expect(found).toMatchObject({ hits: 3, minute: 0 })
  })

  it('finds nothing in nothing', () => {
    expect(recurringActions([], BERLIN, { start: 0, end: 0 })).toEqual([])
  })
})

describe('automationGaps', () => {
  const [habit] = recurringActions(evenings([0, 1, 2, 3, 4, 5, 6]), BERLIN, SPAN)
  const gaps = (config: Record<string, unknown>, rest = {}) =>
    automationGaps([habit!], [automation(config, rest)]).length
  const off = [{ action: 'light.turn_off', target: { entity_id: ['light.lamp'] } }]
  const at = (time: string) => [{ trigger: 'time', at: time }]

  it('is closed by an enabled automation that does the same thing then', () => {
    expect(gaps({ triggers: at('22:30:00'), actions: off })).toBe(0)
    expect(gaps({ trigger: at('22:45'), action: [{ choose: [{ sequence: off }] }] })).toBe(0)
  })

  it('stays open for another time, state, thing, or one that is switched off', () => {
    expect(gaps({ triggers: at('06:30:00'), actions: off })).toBe(1)
    expect(
      gaps({ triggers: at('22:30:00'), actions: [{ service: 'light.turn_on', entity_id: 'light.lamp' }] }),
    ).toBe(1)
    expect(
      gaps({
        triggers: at('22:30:00'),
        actions: [{ action: 'light.turn_off', target: { entity_id: 'light.b' } }],
      }),
    ).toBe(1)
    expect(gaps({ triggers: at('22:30:00'), actions: off }, { enabled: false })).toBe(1)
    expect(automationGaps([habit!], [automation(null)])).toHaveLength(1)
  })
})
