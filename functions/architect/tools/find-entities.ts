import * as v from 'valibot'
import { dataBlock } from '../../../shared/llm/data-block.ts'
import { MAX_ENTITIES } from '../limits.ts'
import { badArguments } from './bad-arguments.ts'
import type { Tool } from './tool.ts'

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
    const { query, area, domain, device_class: deviceClass } = parsed.output
    const [{ found, total, exact }, states] = await Promise.all([
      deps.catalogue.search({ query, area, domain, deviceClass, limit: MAX_ENTITIES }, call.signal),
      deps.home.states({ signal: call.signal }),
    ])
    const stateOf = new Map(states.map((state) => [state.entityId, state.state]))
    const entities = found.map((entity) => ({
      entity_id: entity.id,
      name: entity.name,
      area: entity.area,
      domain: entity.domain,
      device_class: entity.deviceClass,
      unit: entity.unit,
      state: stateOf.get(entity.id) ?? 'unknown',
    }))
    return { content: dataBlock('entities', { total, exact, entities }, nonce) }
  },
}
