import { localDay } from './calendar.ts'
import type { PersonKey } from './people.ts'

/** Who did it: a person through the app, an automation (its entity id), or somebody at the switch itself. */
export type Actor = PersonKey | 'hand' | `automation.${string}`

/** Something that became so at an instant. */
export interface Act {
  readonly at: number
  readonly state: string
  readonly actor: Actor
}

/** A thing whose state changes now and then. `acts` gives what belongs to one local day, in order of time. */
export interface Track {
  readonly initial: string
  acts(day: number): readonly Act[]
}

const LOOK_BACK_DAYS = 14

/** The acts of a track within a span, in order of time. */
export function actsWithin(track: Track, start: number, end: number): readonly Act[] {
  const found: Act[] = []
  for (let day = localDay(start) - 1; day <= localDay(end); day++)
    for (const act of track.acts(day)) if (act.at >= start && act.at < end) found.push(act)
  return found.sort((a, b) => a.at - b.at)
}

/** The last act at or before an instant, or null when nothing has happened for two weeks. */
export function lastAct(track: Track, instant: number): Act | null {
  const today = localDay(instant)
  for (let day = today; day > today - LOOK_BACK_DAYS; day--) {
    // an act may belong to the day before the one on which it happens: both are looked at
    const acts = [...track.acts(day - 1), ...track.acts(day)]
    let last: Act | null = null
    for (const act of acts) if (act.at <= instant && (last === null || act.at >= last.at)) last = act
    if (last !== null) return last
  }
  return null
}
