import type { Automation, Registries } from '../../domain/home-data.ts'
import { referencesOf } from '../behaviour/automation-config.ts'
import { ORPHAN_DAYS } from '../constants.ts'

export interface Orphan {
  readonly entityId: string
  readonly alias: string
  /** A clause: `is switched off`, `refers to light.x, which does not exist`. */
  readonly reason: string
  readonly missing: readonly string[]
}

const DAY_MS = 86_400_000
/** Domains whose entities exist without standing in the entity registry. */
const UNREGISTERED = new Set([
  'sun',
  'zone',
  'group',
  'person',
  'weather',
  'conversation',
  'persistent_notification',
])

/**
 * Automations that need a look: those that refer to an entity or device that does not exist, are switched off, or have
 * not run for 30 days. `knownIds` are entities that exist without a registry entry (the ids of all states).
 */
export function orphanAutomations(
  automations: readonly Automation[],
  registries: Registries,
  now: number,
  knownIds: ReadonlySet<string> = new Set(),
): Orphan[] {
  const entities = new Set(registries.entities.map((entity) => entity.id))
  const devices = new Set(registries.devices.map((device) => device.id))
  const orphans: Orphan[] = []
  for (const automation of automations) {
    const { entityId, alias, enabled, lastTriggered } = automation
    const references = referencesOf(automation)
    const missing = [
      ...[...references.entities].filter(
        (id) => !entities.has(id) && !knownIds.has(id) && !UNREGISTERED.has(id.slice(0, id.indexOf('.'))),
      ),
      ...[...references.devices].filter((id) => !devices.has(id)),
    ]
    const idleDays = lastTriggered === null ? null : Math.floor((now - lastTriggered) / DAY_MS)
    const reasons = [
      ...(missing.length > 0 ? [`refers to ${missing.join(', ')}, which does not exist`] : []),
      ...(enabled ? [] : ['is switched off']),
      ...(enabled && idleDays !== null && idleDays >= ORPHAN_DAYS
        ? [`has not run for ${idleDays} days`]
        : []),
    ]
    if (reasons.length > 0) orphans.push({ entityId, alias, reason: reasons.join(' and '), missing })
  }
  return orphans
}
