import * as v from 'valibot'
import { toLocalIso } from '../../../shared/domain/time/zone.ts'
import { dataBlock } from '../../../shared/llm/data-block.ts'
import { MAX_ENTITIES } from '../limits.ts'
import { badArguments } from './bad-arguments.ts'
import type { Tool } from './tool.ts'

const Arguments = v.object({
  entity_ids: v.pipe(
    v.array(v.pipe(v.string(), v.maxLength(255))),
    v.minLength(1),
    v.maxLength(MAX_ENTITIES),
  ),
})

/** Attributes of one entity are cut to this many characters of JSON. */
const MOST_ATTRIBUTES = 2_000

/** Reads states with their attributes and since when they hold, in local time. */
export const GET_STATES: Tool = {
  delegates: false,
  spec: {
    name: 'get_states',
    description: 'Reads present states of entities by id, with attributes and since when.',
    parameters: {
      type: 'object',
      properties: { entity_ids: { type: 'array', items: { type: 'string' } } },
      required: ['entity_ids'],
    },
  },
  async *run(args, { deps, call, nonce, info }) {
    const parsed = v.safeParse(Arguments, args)
    if (!parsed.success) return badArguments(parsed.issues, nonce)
    yield { kind: 'status', text: 'Reading states', step: 'get_states' }
    const wanted = new Set(parsed.output.entity_ids)
    const all = await deps.home.states({ signal: call.signal })
    const states = all
      .filter((state) => wanted.has(state.entityId))
      .map((state) => ({
        entity_id: state.entityId,
        state: state.state,
        since: toLocalIso(state.lastChanged, info.timeZone),
        attributes: JSON.stringify(state.attributes).slice(0, MOST_ATTRIBUTES),
      }))
    const missing = parsed.output.entity_ids.filter((id) => !states.some((state) => state.entity_id === id))
    return { content: dataBlock('states', { states, missing }, nonce) }
  },
}
