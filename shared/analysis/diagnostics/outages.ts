import type { Registries, Span, StateChange } from '../../domain/home-data.ts'
import { OUTAGE_SECONDS } from '../constants.ts'
import { groupBy } from '../numeric.ts'
import { heldStates } from './spells.ts'

/** Several entities that became unavailable together, and what they have in common. Instants are epoch ms. */
export interface Outage {
  readonly start: number
  /** When the last of them was back, or the end of the span. */
  readonly end: number
  readonly root: {
    readonly kind: 'home' | 'entry' | 'device' | 'area'
    readonly id: string
    readonly name: string
  }
  readonly entities: readonly string[]
}

interface Loss extends Span {
  readonly entityId: string
}

/** From this share of all entities on the home itself is taken for the cause (choice). */
const HOME_SHARE = 0.8

/**
 * Outage clusters: entities of one integration entry (else one device, else one area) that became unavailable within
 * 60 s, as one outage with its root. What went alone is not a cluster. The largest first.
 */
export function outageClusters(
  history: ReadonlyMap<string, readonly StateChange[]>,
  registries: Registries,
  span: Span,
): Outage[] {
  const outages: Outage[] = []
  for (const cluster of clusters(lossesOf(history, span))) {
    let left = cluster
    if (left.length > 2 && left.length >= HOME_SHARE * history.size) {
      outages.push(settle(left, { kind: 'home', id: 'home', name: 'the whole home' }))
      continue
    }
    for (const kind of ['entry', 'device', 'area'] as const)
      for (const [id, losses] of groupBy(left, (loss) => rootId(loss.entityId, kind, registries))) {
        if (id === null || losses.length < 2) continue
        outages.push(settle(losses, { kind, id, name: nameOf(kind, id, losses, registries) }))
        left = left.filter((loss) => !losses.includes(loss))
      }
  }
  return outages.sort((a, b) => b.entities.length - a.entities.length || a.start - b.start)
}

function lossesOf(history: ReadonlyMap<string, readonly StateChange[]>, span: Span): Loss[] {
  const losses: Loss[] = []
  for (const [entityId, changes] of history)
    for (const { state, start, end } of heldStates(changes, span))
      if (state === 'unavailable' && start > span.start) losses.push({ entityId, start, end })
  return losses.sort((a, b) => a.start - b.start)
}

function clusters(losses: readonly Loss[]): Loss[][] {
  const found: Loss[][] = []
  for (const loss of losses) {
    const cluster = found.at(-1)
    if (!cluster || loss.start - cluster[0]!.start > OUTAGE_SECONDS * 1000) found.push([loss])
    else if (!cluster.some((other) => other.entityId === loss.entityId)) cluster.push(loss)
  }
  return found
}

function rootId(entityId: string, kind: 'entry' | 'device' | 'area', registries: Registries): string | null {
  const entity = registries.entities.find((each) => each.id === entityId)
  const device = registries.devices.find((each) => each.id === entity?.deviceId)
  if (kind === 'entry') return device?.entryId ?? null
  if (kind === 'device') return entity?.deviceId ?? null
  return entity?.areaId ?? device?.areaId ?? null
}

/** An entry has no name of its own here: one device of it gives its own, several the entry's id. */
function nameOf(
  kind: 'entry' | 'device' | 'area',
  id: string,
  losses: readonly Loss[],
  registries: Registries,
): string {
  if (kind === 'area') return registries.areas.find((area) => area.id === id)?.name ?? id
  const ids = new Set(losses.map((loss) => registries.entities.find((e) => e.id === loss.entityId)?.deviceId))
  const only = ids.size === 1 ? registries.devices.find((device) => ids.has(device.id)) : undefined
  return only?.name ?? `the integration ${id}`
}

function settle(losses: readonly Loss[], root: Outage['root']): Outage {
  return {
    start: Math.min(...losses.map((loss) => loss.start)),
    end: Math.max(...losses.map((loss) => loss.end)),
    root,
    entities: losses.map((loss) => loss.entityId),
  }
}
