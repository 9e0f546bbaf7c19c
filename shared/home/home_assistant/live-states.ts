import type { EntityState } from '../../domain/home-data.ts'
import { isRow, numberIn, type Row, textsIn } from './shapes.ts'

/** More entities than any home has; what comes beyond is dropped. */
const MOST_ENTITIES = 20_000
/** Attributes of one entity, in characters of JSON; a state with more loses them. */
const MOST_ATTRIBUTE_CHARS = 32_000

/** Counters since the start. */
export interface LiveCounts {
  /** Changes of entities that came in. */
  readonly received: number
  /** Changes whose entity had already changed since somebody last read: only the newest is kept. */
  readonly coalesced: number
  /** States and attributes that were not kept, for there were too many or they were too large. */
  readonly dropped: number
}

/**
 * The newest state of every entity, fed by `subscribe_entities`. There is no queue: a change replaces the one before, so
 * memory is bounded by the number of entities however many events come.
 */
export interface LiveStates {
  /** Takes one event. What it does not know it leaves out; it never throws. */
  take(event: unknown): void
  /** Forgets everything: a new subscription begins with a whole snapshot. */
  restart(): void
  /** All states, once a snapshot has come. */
  read(): Promise<readonly EntityState[]>
  counts(): LiveCounts
}

export function createLiveStates(): LiveStates {
  let states = new Map<string, EntityState>()
  let complete = Promise.withResolvers<void>()
  const changed = new Set<string>()
  let received = 0
  let coalesced = 0
  let dropped = 0

  function keep(id: string, state: EntityState): void {
    if (!states.has(id) && states.size >= MOST_ENTITIES) {
      dropped++
      return
    }
    states.set(id, state)
  }

  function bounded(attributes: Row): Row {
    if (JSON.stringify(attributes).length <= MOST_ATTRIBUTE_CHARS) return attributes
    dropped++
    const { friendly_name, device_class, state_class, unit_of_measurement } = attributes
    return { friendly_name, device_class, state_class, unit_of_measurement }
  }

  function add(id: string, row: Row): void {
    const lastChanged = (numberIn(row.lc) ?? 0) * 1000
    keep(id, {
      entityId: id,
      state: String(row.s ?? 'unknown'),
      attributes: bounded(isRow(row.a) ? row.a : {}),
      lastChanged,
      lastUpdated: Math.max(lastChanged, (numberIn(row.lu) ?? 0) * 1000),
    })
  }

  function change(id: string, row: Row): void {
    const before = states.get(id)
    if (before === undefined) return
    received++
    if (changed.has(id)) coalesced++
    changed.add(id)
    const plus = isRow(row['+']) ? row['+'] : {}
    const minus = isRow(row['-']) ? textsIn(row['-'].a) : []
    const lastChanged = plus.lc === undefined ? before.lastChanged : (numberIn(plus.lc) ?? 0) * 1000
    const touched = isRow(plus.a) || minus.length > 0
    keep(id, {
      entityId: id,
      state: plus.s === undefined ? before.state : String(plus.s),
      attributes: touched
        ? bounded(without({ ...before.attributes, ...(isRow(plus.a) ? plus.a : {}) }, minus))
        : before.attributes,
      lastChanged,
      lastUpdated: Math.max(lastChanged, (numberIn(plus.lu) ?? 0) * 1000, before.lastUpdated),
    })
  }

  return {
    take(event) {
      if (!isRow(event)) return
      if (isRow(event.a)) {
        for (const [id, row] of Object.entries(event.a)) if (isRow(row)) add(id, row)
        complete.resolve()
      }
      if (isRow(event.c)) for (const [id, row] of Object.entries(event.c)) if (isRow(row)) change(id, row)
      for (const id of textsIn(event.r)) states.delete(id)
    },
    restart() {
      // Whoever waits for the old snapshot waits for the new one.
      const old = complete
      states = new Map()
      complete = Promise.withResolvers()
      complete.promise.then(old.resolve)
    },
    async read() {
      await complete.promise
      changed.clear()
      return [...states.values()]
    },
    counts: () => ({ received, coalesced, dropped }),
  }
}

function without(attributes: Row, names: readonly string[]): Row {
  if (names.length === 0) return attributes
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => !names.includes(name)))
}
