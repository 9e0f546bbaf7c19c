import type { LogbookEntry, Span } from '../../domain/home-data.ts'
import { addDays, localParts, weekdayOf } from '../../domain/time/zone.ts'
import { ROUTINE_HITS, ROUTINE_MINUTES, TOP_ROWS } from '../constants.ts'
import { groupBy, median } from '../numeric.ts'
import { isAction, isManual } from './actor.ts'

/** Something that is done by hand at about the same local time again and again. */
export interface Recurring {
  readonly entityId: string
  readonly name: string
  readonly state: string
  /** Local minutes since midnight: the median of the hits. */
  readonly minute: number
  readonly days: 'all' | 'working' | 'weekend'
  /** Days with a hit, and all days of that kind. */
  readonly hits: number
  readonly of: number
  readonly recurrence: number
}

interface Hit {
  readonly date: string
  readonly minute: number
  readonly name: string
}

const DAY_MINUTES = 1_440
/** All days are preferred to one kind of them unless that kind recurs clearly more often (choice). */
const KIND_ADVANTAGE = 1.25

/**
 * Recurring manual actions: the same thing set to the same state within the same half hour around, on 3 days or more, by
 * a person or by hand, in local time. The surest first, at most 20.
 */
export function recurringActions(entries: readonly LogbookEntry[], zone: string, span: Span): Recurring[] {
  const days = datesOf(span, zone)
  const actions = entries
    .filter((e) => e.at >= span.start && e.at < span.end)
    .filter(isAction)
    .filter(isManual)
  const found: Recurring[] = []
  for (const [, list] of groupBy(actions, (entry) => `${entry.entityId} ${entry.state}`)) {
    const { entityId, state } = list[0]!
    let hits = list.map((entry): Hit => {
      const { date, hour, minute } = localParts(entry.at, zone)
      return { date, minute: hour * 60 + minute, name: entry.name }
    })
    for (let slot = fullestSlot(hits); slot.length > 0; slot = fullestSlot(hits)) {
      const routine = settle(slot, days)
      if (routine) found.push({ entityId, state, name: slot[0]!.name, ...routine })
      hits = hits.filter((hit) => !slot.includes(hit))
    }
  }
  return found.sort((a, b) => b.recurrence - a.recurrence || b.hits - a.hits).slice(0, TOP_ROWS)
}

/** The hits within 30 minutes of one of them that fall on the most days; empty when these are fewer than 3. */
function fullestSlot(hits: readonly Hit[]): Hit[] {
  let best: Hit[] = []
  let most = ROUTINE_HITS - 1
  for (const centre of hits) {
    const slot = hits.filter((hit) => distance(hit.minute, centre.minute) <= ROUTINE_MINUTES)
    const days = new Set(slot.map((hit) => hit.date)).size
    if (days > most) {
      best = slot
      most = days
    }
  }
  return best
}

function distance(a: number, b: number): number {
  const apart = Math.abs(a - b)
  return Math.min(apart, DAY_MINUTES - apart)
}

function settle(
  slot: readonly Hit[],
  days: readonly { date: string; weekend: boolean }[],
): Pick<Recurring, 'minute' | 'days' | 'hits' | 'of' | 'recurrence'> | null {
  const dates = new Set(slot.map((hit) => hit.date))
  const count = (kind: Recurring['days']) => {
    const of = days.filter((day) => kind === 'all' || (kind === 'weekend') === day.weekend)
    const hits = of.filter((day) => dates.has(day.date)).length
    return { days: kind, hits, of: of.length, recurrence: of.length > 0 ? hits / of.length : 0 }
  }
  const all = count('all')
  const kinds = [count('working'), count('weekend')].filter((kind) => kind.hits >= ROUTINE_HITS)
  const [kind] = kinds.sort((a, b) => b.recurrence - a.recurrence)
  const best =
    kind && kind.recurrence > all.recurrence * KIND_ADVANTAGE && kind.hits === all.hits ? kind : all
  if (best.hits < ROUTINE_HITS) return null
  // Around midnight the minutes are counted from the first hit on, so that 23:55 and 00:05 meet at 00:00.
  const base = slot[0]!.minute - DAY_MINUTES / 2
  const turned = slot.map((hit) => (((hit.minute - base) % DAY_MINUTES) + DAY_MINUTES) % DAY_MINUTES)
  const minute = (((median(turned)! + base) % DAY_MINUTES) + DAY_MINUTES) % DAY_MINUTES
  return { ...best, minute: Math.round(minute) % DAY_MINUTES }
}

function datesOf(span: Span, zone: string): { date: string; weekend: boolean }[] {
  if (span.end <= span.start) return []
  const last = localParts(span.end - 1, zone).date
  const dates: { date: string; weekend: boolean }[] = []
  for (let date = localParts(span.start, zone).date; date <= last; date = addDays(date, 1))
    dates.push({ date, weekend: weekdayOf(date) >= 6 })
  return dates
}
