import { expect, test } from 'vitest'
import { GET_STATES } from '../../../../functions/architect/tools/get-states.ts'
import { PROPOSE_CHANGE } from '../../../../functions/architect/tools/propose-change.ts'
import type { Tool } from '../../../../functions/architect/tools/tool.ts'
import { readDataBlock } from '../../../../shared/llm/data-block.ts'
import { callOf, createToolDeps, INFO, turnOf } from '../support.ts'

async function use(tool: Tool, args: unknown, kind: string) {
  const deps = createToolDeps()
  const context = {
    turn: turnOf(['x']),
    info: INFO,
    deps,
    call: callOf(),
    nonce: 'n1',
    number: 1,
    alone: true,
  }
  const events = tool.run(args, context)
  for (;;) {
    const { done, value } = await events.next()
    if (done) return readDataBlock([{ role: 'tool', content: value.content }], kind)
  }
}

test('a proposal names what the home does not have, and is not executed', async () => {
  const args = {
    title: 'Lights off',
    description: 'All',
    actions: [{ service: 'light.turn_off', entity_ids: ['light.bedroom', 'light.moon'] }],
  }
  expect(await use(PROPOSE_CHANGE, args, 'proposal')).toMatchObject({
    unknown_entities: ['light.moon'],
    executed: false,
    state: 'text_only',
  })
})

test('a proposal without a title is refused with the path', async () => {
  expect(await use(PROPOSE_CHANGE, { description: 'x', actions: [] }, 'error')).toEqual({
    message: expect.stringContaining('arguments.title'),
  })
})

test('states come with since when, in local time, and missing ids are named', async () => {
  expect(await use(GET_STATES, { entity_ids: ['light.bedroom', 'light.moon'] }, 'states')).toMatchObject({
    states: [{ entity_id: 'light.bedroom', state: 'off', since: '2026-11-24T03:00:00+01:00' }],
    missing: ['light.moon'],
  })
})
