import type { Entity, Span, StateChange } from '../../domain/home-data.ts'
import {
  FLAKY_SHARE,
  FLAKY_TRANSITIONS_A_DAY,
  HOUR_MS,
  SILENT_CHANGES,
  SILENT_HOURS,
  SILENT_USUAL_CHANGES,
} from '../constants.ts'
import { type Held, heldStates, isGone } from './spells.ts'

export interface Availability {
  readonly entityId: string
  /** Share of the known time for which it was unavailable or unknown. */
  readonly unavailableShare: number
  /** Times that it went away, a day. */
  readonly transitionsPerDay: number
  /** More than 30 % of the time gone, or more than 5 times a day. */
  readonly flaky: boolean
}

/** How reliably entities were there, the least reliable first; entities without any state are left out. */
export function availability(
  history: ReadonlyMap<string, readonly StateChange[]>,
  span: Span,
): Availability[] {
  const list: Availability[] = []
  const days = (span.end - span.start) / (24 * HOUR_MS)
  for (const [entityId, changes] of history) {
    const held = heldStates(changes, span)
    const known = lengthOf(held)
    if (known <= 0 || days <= 0) continue
    const unavailableShare = lengthOf(held.filter(({ state }) => isGone(state))) / known
    const losses = held.filter(({ state }, i) => i > 0 && isGone(state) && !isGone(held[i - 1]!.state)).length
    const transitionsPerDay = losses / Math.max(1, days)
    const flaky = unavailableShare > FLAKY_SHARE || transitionsPerDay > FLAKY_TRANSITIONS_A_DAY
    list.push({ entityId, unavailableShare, transitionsPerDay, flaky })
  }
  return list.sort(
    (a, b) => b.unavailableShare - a.unavailableShare || b.transitionsPerDay - a.transitionsPerDay,
  )
}

export interface Silent {
  readonly entityId: string
  readonly name: string
  /** Length of the longest silence. */
  readonly silentHours: number
  readonly start: number
  /** Changes within the whole span. */
  readonly changes: number
}

/**
 * Entities that stood still for 24 h or more (at most one change) although they otherwise change at least 4 times a day,
 * by `usual` or by the rest of the span; those without any state or change at all are silent throughout. Left out: what
 * is unavailable, batteries, what stands at zero, and power at its lowest level: it rests. The longest silence first.
 */
export function silentEntities(
  history: ReadonlyMap<string, readonly StateChange[]>,
  entities: readonly Entity[],
  span: Span,
  usual: ReadonlyMap<string, number> = new Map(),
): Silent[] {
  const whole = (span.end - span.start) / HOUR_MS
  if (whole < SILENT_HOURS) return []
  const list: Silent[] = []
  for (const { id, name, deviceClass, disabled } of entities) {
    if (disabled || deviceClass === 'battery') continue
    const held = heldStates(history.get(id) ?? [], span)
    const changes = Math.max(0, held.length - 1)
    if (held.length === 0) {
      list.push({ entityId: id, name, silentHours: whole, start: span.start, changes: 0 })
      continue
    }
    let longest = held[0]!
    for (const each of held) if (each.end - each.start > longest.end - longest.start) longest = each
    const silentHours = (longest.end - longest.start) / HOUR_MS
    if (silentHours < SILENT_HOURS || isGone(longest.state) || isResting(longest.state, held, deviceClass))
      continue
    const rest = (whole - silentHours) / 24
    const own = changes > SILENT_CHANGES && rest > 0 ? changes / rest : null
    const rate = usual.get(id) ?? own
    if (rate !== null && rate < SILENT_USUAL_CHANGES) continue
    list.push({ entityId: id, name, silentHours, start: longest.start, changes })
  }
  return list.sort((a, b) => b.silentHours - a.silentHours)
}

const RESTING_CLASSES = new Set(['power', 'current', 'apparent_power', 'energy'])

/** True for zero, and for the lowest level of what comes and goes with use: a device in standby is not stuck. */
function isResting(state: string, held: readonly Held[], deviceClass: string | null): boolean {
  const value = Number(state)
  if (value === 0) return true
  if (!RESTING_CLASSES.has(deviceClass ?? '')) return false
  return held.every((each) => !(Number(each.state) < value))
}

function lengthOf(list: readonly Span[]): number {
  return list.reduce((sum, { start, end }) => sum + end - start, 0)
}
