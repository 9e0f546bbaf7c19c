import * as v from 'valibot'
import { dataBlock } from '../../../shared/llm/data-block.ts'
import { badArguments } from './bad-arguments.ts'
import type { Tool } from './tool.ts'

const Action = v.object({
  service: v.pipe(v.string(), v.regex(/^[a-z0-9_]+\.[a-z0-9_]+$/, 'domain.service')),
  entity_ids: v.optional(v.pipe(v.array(v.pipe(v.string(), v.maxLength(255))), v.maxLength(50)), []),
  data: v.optional(v.record(v.string(), v.unknown()), {}),
})
const Arguments = v.object({
  title: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(200)),
  description: v.pipe(v.string(), v.trim(), v.maxLength(4_000)),
  actions: v.fallback(v.pipe(v.array(Action), v.maxLength(20)), []),
})

/** Checks a proposed change against what the home has. It is text for a human; nothing here can execute anything. */
export const PROPOSE_CHANGE: Tool = {
  delegates: false,
  spec: {
    name: 'propose_change',
    description:
      'Writes down a change to the home for a human to decide on. Nothing is executed. Find the entities first.',
    parameters: {
      type: 'object',
      properties: {
        title: { type: 'string' },
        description: { type: 'string', description: 'What would change, when, and why' },
        actions: {
          type: 'array',
          items: {
            type: 'object',
            properties: {
              service: { type: 'string', description: 'Such as light.turn_off' },
              entity_ids: { type: 'array', items: { type: 'string' } },
              data: { type: 'object' },
            },
            required: ['service'],
          },
        },
      },
      required: ['title', 'description', 'actions'],
    },
  },
  async *run(args, { deps, call, nonce }) {
    const parsed = v.safeParse(Arguments, args)
    if (!parsed.success) return badArguments(parsed.issues, nonce)
    yield { kind: 'status', text: 'Writing a proposal', step: 'propose_change' }
    const registries = await deps.home.registries({ signal: call.signal })
    const known = new Set(registries.entities.map((entity) => entity.id))
    const proposed = parsed.output.actions.flatMap((action) => action.entity_ids)
    const unknown = [...new Set(proposed.filter((id) => !known.has(id)))]
    const result = { ...parsed.output, unknown_entities: unknown, executed: false, state: 'text_only' }
    return { content: dataBlock('proposal', result, nonce) }
  },
}
