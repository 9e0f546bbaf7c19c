import type { EntityState, Registries, Span, StateChange } from '../../domain/home-data.ts'
import { BATTERY_LOW } from '../constants.ts'
import { isGone } from './spells.ts'

export interface Battery {
  readonly entityId: string
  readonly name: string
  /** Percent; of a dead one the last known. Null where only "low" or nothing is known. */
  readonly level: number | null
  readonly state: 'ok' | 'low' | 'dead'
  /** Days until empty at the rate of the span; null where that cannot be told. */
  readonly daysLeft: number | null
}

const DAY_MS = 86_400_000
/** Days and drop in percent below which a slope is noise (choices). */
const LEAST_DAYS = 3
const LEAST_DROP = 2

/**
 * The batteries: low at 20 % or less (or by a binary sensor), dead when they went unavailable at such a level. The
 * weakest first. `history` and `span` are for dead ones and for the days left.
 */
export function batteries(
  states: readonly EntityState[],
  registries: Registries,
  history: ReadonlyMap<string, readonly StateChange[]> = new Map(),
  span?: Span,
): Battery[] {
  const stateOf = new Map(states.map((state) => [state.entityId, state.state]))
  const list: Battery[] = []
  for (const { id, name, deviceClass, domain, disabled } of registries.entities) {
    const state = stateOf.get(id)
    if (deviceClass !== 'battery' || disabled || state === undefined) continue
    if (domain === 'binary_sensor') {
      list.push({ entityId: id, name, level: null, state: state === 'on' ? 'low' : 'ok', daysLeft: null })
      continue
    }
    const levels = levelsOf(history.get(id) ?? [])
    const gone = isGone(state)
    const level = gone ? (levels.at(-1)?.level ?? null) : percent(state)
    const low = level !== null && level <= BATTERY_LOW
    const daysLeft = gone || !span ? null : daysLeftOf(levels, level, span)
    list.push({ entityId: id, name, level, state: low ? (gone ? 'dead' : 'low') : 'ok', daysLeft })
  }
  return list.sort((a, b) => (a.level ?? 100) - (b.level ?? 100))
}

function percent(text: string): number | null {
  const level = text.trim() === '' ? Number.NaN : Number(text)
  return Number.isFinite(level) && level >= 0 && level <= 100 ? level : null
}

function levelsOf(changes: readonly StateChange[]): { at: number; level: number }[] {
  return changes
    .toSorted((a, b) => a.at - b.at)
    .flatMap(({ at, state }) => {
      const level = percent(state)
      return level === null ? [] : [{ at, level }]
    })
}

function daysLeftOf(
  levels: readonly { at: number; level: number }[],
  level: number | null,
  span: Span,
): number | null {
  const first = levels[0]
  if (!first || level === null) return null
  const days = (span.end - Math.max(first.at, span.start)) / DAY_MS
  const drop = first.level - level
  return days >= LEAST_DAYS && drop >= LEAST_DROP ? level / (drop / days) : null
}
