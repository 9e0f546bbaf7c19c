import type { LogbookEntry } from '../../domain/home-data.ts'

export type Actor = 'automation' | 'script' | 'person' | 'device'

/**
 * Who caused a logbook entry, by Home Assistant's context: an automation or script whose event it shares, a person who
 * acted through Home Assistant, or else the device itself or a hand on it, which cannot be told apart.
 */
export function actorOf(entry: LogbookEntry): Actor {
  if (entry.contextEventType === 'automation_triggered' || startsWith(entry, 'automation.'))
    return 'automation'
  if (entry.contextEventType === 'script_started' || startsWith(entry, 'script.')) return 'script'
  return entry.contextUserId !== null ? 'person' : 'device'
}

/** True for a change that a person made, through Home Assistant or by hand. */
export function isManual(entry: LogbookEntry): boolean {
  const actor = actorOf(entry)
  return actor === 'person' || actor === 'device'
}

/** Domains of things that somebody sets; sensors only report. */
const SETTABLE = new Set(
  'light switch cover lock climate fan media_player input_boolean input_select vacuum humidifier water_heater valve siren'.split(
    ' ',
  ),
)

/** True for a change of something that can be set, to a state that says something. */
export function isAction(entry: LogbookEntry): entry is LogbookEntry & { entityId: string; state: string } {
  if (entry.entityId === null || entry.state === null) return false
  if (entry.state === 'unavailable' || entry.state === 'unknown') return false
  return SETTABLE.has(entry.entityId.slice(0, entry.entityId.indexOf('.')))
}

function startsWith(entry: LogbookEntry, domain: string): boolean {
  return entry.contextEntityId?.startsWith(domain) ?? false
}
