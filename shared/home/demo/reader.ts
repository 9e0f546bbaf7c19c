import type { StateChange } from '../../domain/home-data.ts'
import { actsWithin, lastAct } from './acts.ts'
import { DAY, SLOT } from './calendar.ts'
import { type Meters, toWatts } from './meters.ts'
import type { Interval } from './people.ts'
import { hashText } from './random.ts'
import type { Scenario } from './scenario.ts'
import { OUTAGE_ENTRY, type Thing } from './thing.ts'

/** Reads the states of things. Sampled values (meters, power, sensors) change on whole five minutes. */
export interface Reader {
  /** The state at an instant and since when it holds. */
  stateAt(thing: Thing, instant: number): StateChange
  /** The state at the span's start (with the instant at which it began) and all changes within the span. */
  changes(thing: Thing, span: Interval): readonly StateChange[]
  /** When the thing is unavailable, for spells that touch the span. */
  spells(thing: Thing, span: Interval): readonly Interval[]
  /** The number behind a sampled thing; null for things that have none. */
  sample(thing: Thing, instant: number): number | null
}

const UNAVAILABLE = 'unavailable'
const SEARCH_SLOTS = 1200

const slotOf = (instant: number) => Math.floor(instant / SLOT) * SLOT

/** Rounds as the sensor does. */
function rounded(value: number, digits: number): number {
  const scale = 10 ** digits
  return Math.round(value * scale) / scale
}

function digitsOf(thing: Thing): number {
  if (thing.simulation.kind === 'number') return thing.simulation.digits
  return thing.simulation.kind === 'meter' ? 3 : 1
}

/** Makes the reader of a home's things; `start` is the first instant for which the home has data. */
export function createReader(deps: { meters: Meters; scenario: Scenario; start: number }): Reader {
  const { meters, scenario, start } = deps

  function spells(thing: Thing, span: Interval): readonly Interval[] {
    const lost = thing.lostSince
    const found: Interval[] = []
    if (thing.entryId === OUTAGE_ENTRY) {
      // devices of one radio drop out within seconds of each other, and come back within two minutes
      const lag = ((hashText(thing.entity.id) >>> 0) % 20) * 1000
      for (const outage of scenario.outages({ start: span.start - DAY, end: span.end }))
        found.push({ start: outage.start + lag, end: outage.end + 5 * lag })
    }
    const kept = lost === null ? found : found.filter((one) => one.end < lost)
    if (lost !== null) kept.push({ start: lost, end: Number.POSITIVE_INFINITY })
    return kept.filter((one) => one.end > span.start && one.start < span.end)
  }

  function sample(thing: Thing, instant: number): number | null {
    const { simulation } = thing
    if (simulation.kind === 'track') return null
    const at = slotOf(instant)
    if (simulation.kind === 'meter') return meters.reading(simulation.channel, at)
    if (simulation.kind === 'power') return toWatts(meters.quantaAt(simulation.channel, at))
    return rounded(simulation.value(at), simulation.digits)
  }

  function text(thing: Thing, instant: number): string {
    return (sample(thing, instant) ?? 0).toFixed(digitsOf(thing))
  }

  function plainState(thing: Thing, instant: number): StateChange {
    if (thing.simulation.kind === 'track') {
      const act = lastAct(thing.simulation.track, instant)
      if (act === null) return { state: thing.simulation.track.initial, at: start }
      return { state: act.state, at: act.at }
    }
    const state = text(thing, instant)
    let at = slotOf(instant)
    for (let i = 0; i < SEARCH_SLOTS && at > start && text(thing, at - SLOT) === state; i++) at -= SLOT
    return { state, at }
  }

  function stateAt(thing: Thing, instant: number): StateChange {
    const near = spells(thing, { start: instant - 7 * DAY, end: instant + 1 })
    const last = near.at(-1)
    if (last !== undefined && last.start <= instant && instant < last.end)
      return { state: UNAVAILABLE, at: last.start }
    const plain = plainState(thing, instant)
    return last !== undefined && last.end > plain.at ? { state: plain.state, at: last.end } : plain
  }

  function plainChanges(thing: Thing, span: Interval): StateChange[] {
    if (thing.simulation.kind === 'track')
      return actsWithin(thing.simulation.track, span.start, span.end).map(({ at, state }) => ({ at, state }))
    const found: StateChange[] = []
    for (let at = slotOf(span.start) + SLOT; at < span.end; at += SLOT)
      found.push({ at, state: text(thing, at) })
    return found
  }

  function changes(thing: Thing, span: Interval): readonly StateChange[] {
    const gone = spells(thing, span)
    const within = (at: number) => gone.some((one) => at >= one.start && at < one.end)
    const all = plainChanges(thing, span).filter((one) => !within(one.at))
    for (const one of gone) {
      if (one.start >= span.start) all.push({ at: one.start, state: UNAVAILABLE })
      if (one.end >= span.start && one.end < span.end)
        all.push({ at: one.end, state: plainState(thing, one.end).state })
    }
    all.sort((a, b) => a.at - b.at)
    const kept = [stateAt(thing, span.start)]
    for (const one of all) if (one.state !== kept.at(-1)?.state) kept.push(one)
    return kept
  }
  return { stateAt, changes, spells, sample }
}
