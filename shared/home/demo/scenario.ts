import { DAY, HOUR, instantOf, localDay, MINUTE, weekday } from './calendar.ts'
import type { Interval } from './people.ts'
import { createDraw } from './random.ts'

/**
 * What is wrong in the demo home, and when. Short faults return every week, so that any seven days hold each of them.
 * The slow ones (a failing fridge-freezer, two batteries) lead up to the quarter or month in which the home was made:
 * within one home, and between homes made in the same month, an instant always has the same value.
 */
export interface Scenario {
  /** Share of the time that the fridge-freezer's compressor runs. */
  fridgeDuty(instant: number): number
  /** Since when that share has been creeping up. */
  readonly fridgeSince: number
  /** When the Zigbee devices were unavailable, for outages that touch the span. */
  outages(span: Interval): readonly Interval[]
  /** When the hallway's temperature sensor repeated one value, for spells that touch the span. */
  stuck(span: Interval): readonly Interval[]
  /** Since when the bathroom window's contact is unavailable. */
  readonly contactLostSince: number
  /** Since when Home Assistant lists the repair issue. */
  readonly repairSince: number
  /** Charge of the contact at the garage's side door in percent. */
  sideDoorBattery(instant: number): number
  /** Charge of the bathroom window's contact until it was lost. */
  bathroomBattery(instant: number): number
}

const WEEK = 7 * DAY
const DUTY = { normal: 0.33, perWeek: 0.0155, limit: 0.6 } as const

function firstOf(now: number, months: number): number {
  const date = new Date(localDay(now) * DAY)
  const month = Math.floor(date.getUTCMonth() / months) * months
  return instantOf(Date.UTC(date.getUTCFullYear(), month, 1) / DAY, 0)
}

function mondayOf(instant: number): number {
  const day = localDay(instant)
  return day - weekday(day) + 1
}

function weekly(span: Interval, make: (monday: number) => Interval): readonly Interval[] {
  const found: Interval[] = []
  for (let monday = mondayOf(span.start) - 7; instantOf(monday, 0) < span.end; monday += 7) {
    const one = make(monday)
    if (one.end > span.start && one.start < span.end) found.push(one)
  }
  return found
}

/** Makes the scenario of a seed for a home whose present is `now`. */
export function createScenario(seed: number, now: number): Scenario {
  const draw = createDraw(seed, 'scenario.outage')
  const quarter = firstOf(now, 3)
  const month = firstOf(now, 1)
  const fridgeSince = quarter - 5 * WEEK
  const contactLostSince = month - 2 * DAY + 4 * HOUR + 17 * MINUTE
  return {
    fridgeSince,
    contactLostSince,
    repairSince: month - 9 * DAY + 9 * HOUR,
    fridgeDuty: (instant) =>
      Math.min(DUTY.limit, DUTY.normal + Math.max(0, ((instant - fridgeSince) / WEEK) * DUTY.perWeek)),
    outages: (span) =>
      weekly(span, (monday) => {
        const start = instantOf(monday + 2, 850 + Math.floor(10 * draw(monday, 1)))
        return { start, end: start + Math.round(150 + 90 * draw(monday, 2)) * MINUTE }
      }),
    stuck: (span) =>
      weekly(span, (monday) => ({ start: instantOf(monday + 4, 190), end: instantOf(monday + 7, 900) })),
    sideDoorBattery: (instant) => Math.max(8, Math.min(100, Math.round(8 + (month - instant) / (5 * DAY)))),
    bathroomBattery: (instant) =>
      Math.max(3, Math.min(100, Math.round(3 + (contactLostSince - instant) / (4 * DAY)))),
  }
}
