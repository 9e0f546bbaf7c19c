import type { Change } from './change.ts'
import type { OfflineCall } from './reply.ts'
import type { ResultEntity, ToolResult } from './tool-results.ts'
import { code, listOf, plainName } from './wording.ts'

const MOST_ENTITIES = 20

/** Domains that can be switched at all; the others of a search are not meant. */
const ACTABLE = new Set([
  'light',
  'switch',
  'cover',
  'lock',
  'climate',
  'fan',
  'media_player',
  'vacuum',
  'input_boolean',
  'scene',
  'script',
  'automation',
  'number',
  'select',
  'button',
  'valve',
  'siren',
  'humidifier',
  'water_heater',
  'lawn_mower',
  'alarm_control_panel',
])

/** The proposal for a wish: exact services on the entities found, or an automation in words. */
export function proposeCall(change: Change, found: readonly ResultEntity[]): OfflineCall {
  const entities = found.filter((entity) => ACTABLE.has(entity.domain)).slice(0, MOST_ENTITIES)
  const byService = new Map<string, { entityIds: string[]; data: Record<string, unknown> }>()
  for (const entity of change.automation ? [] : entities) {
    const { service, data } = serviceFor(change, entity.domain)
    const entry = byService.get(service) ?? { entityIds: [], data }
    entry.entityIds.push(entity.id)
    byService.set(service, entry)
  }
  const actions = [...byService].map(([service, { entityIds, data }]) => ({
    service,
    entity_ids: entityIds,
    data,
  }))
  return {
    name: 'propose_change',
    arguments: {
      title: change.wish.slice(0, 120),
      description: change.automation ? `An automation: ${change.wish}. ${targetOf(entities)}` : change.wish,
      actions,
    },
  }
}

function serviceFor(change: Change, domain: string): { service: string; data: Record<string, unknown> } {
  const { service, value } = change
  if (domain === 'climate' && value !== null)
    return { service: 'climate.set_temperature', data: { temperature: value } }
  if (domain === 'light' && value !== null)
    return { service: 'light.turn_on', data: { brightness_pct: value } }
  if (domain === 'cover') {
    if (value !== null) return { service: 'cover.set_cover_position', data: { position: value } }
    return {
      service: service === 'close_cover' || service === 'turn_off' ? 'cover.close_cover' : 'cover.open_cover',
      data: {},
    }
  }
  if (domain === 'lock')
    return {
      service: service === 'unlock' || service === 'open_cover' ? 'lock.unlock' : 'lock.lock',
      data: {},
    }
  if (domain === 'vacuum')
    return {
      service: service === 'stop' || service === 'turn_off' ? 'vacuum.return_to_base' : 'vacuum.start',
      data: {},
    }
  if (service === 'stop' || service === 'turn_off' || service === 'close_cover')
    return { service: `${domain}.turn_off`, data: {} }
  return { service: service === 'toggle' ? `${domain}.toggle` : `${domain}.turn_on`, data: {} }
}

function targetOf(entities: readonly ResultEntity[]): string {
  if (entities.length === 0)
    return 'No entity of this home matches these words, so what it acts on is still to be chosen.'
  return `It would act on ${listOf(entities.map((each) => plainName(each.name)))}.`
}

function dataOf(data: Readonly<Record<string, unknown>>): string {
  return Object.keys(data).length > 0 ? ` with ${code(JSON.stringify(data))}` : ''
}

/** The proposal in words. It says that nothing has happened. */
export function sayProposal(result: Extract<ToolResult, { tool: 'propose_change' }>, brief: boolean): string {
  const still =
    'Nothing has been changed: this is a proposal in words, and changes to the home need your approval.'
  if (brief) return `I would propose this, and nothing has been changed yet: ${plainName(result.title)}.`
  const actions = result.actions.map(
    (action) => `- ${code(action.service)} on ${action.entityIds.map(code).join(', ')}${dataOf(action.data)}`,
  )
  const how = actions.length > 0 ? ['It would call:', actions.join('\n')] : [plainName(result.description)]
  return [`**Proposal: ${plainName(result.title)}**`, ...how, still].join('\n\n')
}
