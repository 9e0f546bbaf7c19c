import { expect, test } from 'vitest'
import { GET_AUTOMATIONS } from '../../../../functions/architect/tools/get-automations.ts'
import { readDataBlock } from '../../../../shared/llm/data-block.ts'
import { callOf, createTestHome, createToolDeps, INFO, turnOf } from '../support.ts'

const automation = (name: string) => ({
  entityId: `automation.${name}`,
  alias: name,
  enabled: true,
  lastTriggered: null,
  config: {
    triggers: [{ trigger: 'time', at: '23:00' }],
    actions: [{ action: 'light.turn_off', target: { entity_id: 'light.bedroom' } }],
  },
})
const run = (name: string, at: number, outcome: string) => ({
  entityId: `automation.${name}`,
  runId: `${at}`,
  at,
  trigger: null,
  outcome,
  error: null,
})

test('tells of each automation what it does and how its last run ended, and where one stopped', async () => {
  const looked: string[] = []
  const home = {
    ...createTestHome(),
    automations: async () => [automation('night'), automation('day')],
    traces: async () => [
      run('night', 3_000, 'error'),
      run('day', 2_000, 'finished'),
      run('night', 1_000, 'finished'),
    ],
    traceSteps: async ({ runId }: { runId: string }) => {
      looked.push(runId)
      return [{ path: 'action/0', at: 3_000, passed: null, error: 'no such light' }]
    },
  }
  const context = {
    turn: turnOf(['x']),
    info: INFO,
    deps: { ...createToolDeps(), home },
    call: callOf(),
    nonce: 'n1',
    number: 1,
    alone: true,
  }
  const events = GET_AUTOMATIONS.run({ query: '' }, context)
  await events.next()
  const { value } = await events.next()
  if (!value || !('content' in value)) throw new Error('no outcome')
  expect(readDataBlock([{ role: 'tool', content: value.content }], 'automations')).toMatchObject({
    total: 2,
    automations: [
      {
        name: 'night',
        triggers: ['time at 23:00'],
        last_run: {
          outcome: 'error',
          stopped_at: 'action 1',
          condition_unmet: false,
          error: 'no such light',
        },
      },
      { name: 'day', last_run: { outcome: 'finished' } },
    ],
  })
  expect(looked).toEqual(['3000'])
})
