import * as v from 'valibot'
import type { Entity, EntityState, Registries } from '../../../shared/domain/home-data.ts'
import { dataBlock } from '../../../shared/llm/data-block.ts'
import { MAX_ENTITIES } from '../limits.ts'
import { badArguments } from './bad-arguments.ts'
import type { Tool } from './tool.ts'
import { wordsOfName } from './words.ts'

const Text = v.fallback(v.pipe(v.string(), v.trim(), v.maxLength(200)), '')
const Arguments = v.object({
  query: v.optional(Text, ''),
  area: v.optional(Text, ''),
  domain: v.optional(Text, ''),
  device_class: v.optional(Text, ''),
})

/** Finds entities of the home by words, area, domain and device class, with their present state. */
export const FIND_ENTITIES: Tool = {
  delegates: false,
  spec: {
    name: 'find_entities',
    description:
      'Finds entities of the home, with their present states. Words of query may be names, rooms or kinds; leave it empty for all of a domain.',
    parameters: {
      type: 'object',
      properties: {
        query: { type: 'string' },
        area: { type: 'string', description: 'Name of a room' },
        domain: {
          type: 'string',
          description: 'Such as light, cover, lock, climate, sensor, binary_sensor, person',
        },
        device_class: {
          type: 'string',
          description: 'Such as temperature, humidity, door, window, motion, power, battery',
        },
      },
      required: ['query'],
    },
  },
  async *run(args, { deps, call, nonce }) {
    const parsed = v.safeParse(Arguments, args)
    if (!parsed.success) return badArguments(parsed.issues, nonce)
    yield { kind: 'status', text: 'Looking at the home', step: 'find_entities' }
    const options = { signal: call.signal }
    const [registries, states] = await Promise.all([deps.home.registries(options), deps.home.states(options)])
    const { found, exact } = findEntities(parsed.output, registries)
    const stateOf = new Map(states.map((state) => [state.entityId, state]))
    const entities = found
      .slice(0, MAX_ENTITIES)
      .map((entity) => describe(entity, registries, stateOf.get(entity.id)))
    return { content: dataBlock('entities', { total: found.length, exact, entities }, nonce) }
  },
}

export interface EntityFilter {
  readonly query: string
  readonly area: string
  readonly domain: string
  readonly device_class: string
}

/**
 * Entities that pass the filters and match all words of the query; where none does, those that match most of them
 * (at least half), and `exact` is false. Disabled entities are left out.
 */
export function findEntities(
  filter: EntityFilter,
  registries: Registries,
): { found: Entity[]; exact: boolean } {
  const areaName = new Map(registries.areas.map((area) => [area.id, area.name]))
  const device = new Map(registries.devices.map((each) => [each.id, each]))
  const areaOf = (entity: Entity) =>
    areaName.get(entity.areaId ?? device.get(entity.deviceId ?? '')?.areaId ?? '') ?? ''
  const wanted = wordsOfName(filter.query)
  const area = wordsOfName(filter.area)
  const scored = registries.entities
    .filter((entity) => !entity.disabled)
    .filter((entity) => filter.domain === '' || entity.domain === filter.domain)
    .filter((entity) => filter.device_class === '' || entity.deviceClass === filter.device_class)
    .map((entity) => {
      const around = new Set(wordsOfName(areaOf(entity)))
      const own = [
        entity.name,
        entity.id,
        entity.domain,
        entity.deviceClass ?? '',
        device.get(entity.deviceId ?? '')?.name ?? '',
      ]
      const words = new Set([...own.flatMap(wordsOfName), ...around])
      const inArea = area.every((word) => around.has(word))
      return { entity, hits: wanted.filter((word) => words.has(word)).length, inArea }
    })
    .filter((each) => each.inArea)
  const whole = scored.filter((each) => each.hits === wanted.length)
  if (whole.length > 0) return { found: whole.map((each) => each.entity), exact: true }
  const most = Math.max(0, ...scored.map((each) => each.hits))
  if (most === 0 || most * 2 < wanted.length) return { found: [], exact: true }
  return { found: scored.filter((each) => each.hits === most).map((each) => each.entity), exact: false }
}

function describe(entity: Entity, registries: Registries, state: EntityState | undefined) {
  const areaId = entity.areaId ?? registries.devices.find((device) => device.id === entity.deviceId)?.areaId
  return {
    entity_id: entity.id,
    name: entity.name,
    area: registries.areas.find((area) => area.id === areaId)?.name ?? null,
    domain: entity.domain,
    device_class: entity.deviceClass,
    unit: entity.unit,
    state: state?.state ?? 'unknown',
  }
}
