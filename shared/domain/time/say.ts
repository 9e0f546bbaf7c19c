import type { TimeWindow } from '../window.ts'
import { localParts } from './zone.ts'

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
const two = (n: number) => String(n).padStart(2, '0')

/** A local day as a person reads it: `17 Nov 2026`. */
export function sayDay(instant: number, zone: string): string {
  const parts = localParts(instant, zone)
  return `${parts.day} ${MONTHS[parts.month - 1]} ${parts.year}`
}

/** An instant as a person reads it, local: `Tue 17 Nov 2026, 18:30`. */
export function sayInstant(instant: number, zone: string): string {
  const parts = localParts(instant, zone)
  return `${DAYS[parts.weekday - 1]} ${sayDay(instant, zone)}, ${two(parts.hour)}:${two(parts.minute)}`
}

/** A window as the beginning of a sentence: `On 17 Nov 2026`, `From 17 Nov 2026 to 23 Nov 2026`. */
export function sayDuring(window: TimeWindow): string {
  const said = sayWindow(window)
  return said.includes(' to ') ? `From ${said}` : `On ${said}`
}

/** A window as a person reads it, in its own zone and with its last day included: `17 Nov 2026 to 23 Nov 2026`. */
export function sayWindow(window: TimeWindow): string {
  const first = sayDay(Date.parse(window.start), window.timeZone)
  const last = sayDay(Date.parse(window.end) - 1, window.timeZone)
  return first === last ? first : `${first} to ${last}`
}
