import { describe, expect, it } from 'vitest'
import {
  dateOf,
  instantOf,
  localDay,
  localMinute,
  monthOf,
  weekday,
} from '../../../../shared/home/demo/calendar.ts'

const at = (iso: string) => Date.parse(iso)

describe('calendar of the demo home', () => {
  it('counts local days', () => {
    const day = localDay(at('2026-11-23T23:30:00Z'))
    expect([dateOf(day), weekday(day), monthOf(day)]).toEqual(['2026-11-24', 2, 11])
    expect(localMinute(at('2026-11-23T23:30:00Z'))).toBe(30)
  })

  it('finds the instant of a local time on either side of a change of clocks', () => {
    const spring = localDay(at('2026-03-29T12:00:00Z'))
    expect(instantOf(spring, 0)).toBe(at('2026-03-28T23:00:00Z'))
    expect(instantOf(spring, 180)).toBe(at('2026-03-29T01:00:00Z'))
    const autumn = localDay(at('2026-10-25T12:00:00Z'))
    expect(instantOf(autumn, 0)).toBe(at('2026-10-24T22:00:00Z'))
    expect(instantOf(autumn, 240)).toBe(at('2026-10-25T03:00:00Z'))
    expect(instantOf(autumn + 1, 0) - instantOf(autumn, 0)).toBe(25 * 3_600_000)
  })

  it('goes there and back', () => {
    for (let day = 20_000; day < 20_400; day++)
      for (const minute of [0, 1, 359, 600, 1439]) {
        const instant = instantOf(day, minute)
        expect([localDay(instant), localMinute(instant)]).toEqual([day, minute])
      }
  })
})
