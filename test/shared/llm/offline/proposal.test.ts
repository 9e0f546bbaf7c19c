import { expect, test } from 'vitest'
import { findChange } from '../../../../shared/llm/offline/change.ts'
import { proposeCall, sayProposal } from '../../../../shared/llm/offline/proposal.ts'
import type { ResultEntity } from '../../../../shared/llm/offline/tool-results.ts'

const entity = (id: string): ResultEntity => ({
  id,
  name: id,
  area: null,
  domain: id.split('.')[0]!,
  deviceClass: null,
  unit: null,
  state: 'on',
})
const actionsFor = (wish: string, ...ids: string[]) => {
  const change = findChange(wish)
  if (!change) throw new Error('no wish')
  return proposeCall(change, ids.map(entity)).arguments.actions
}

test.each<[string, string, unknown]>([
  ['turn off the lamp', 'light.x', { service: 'light.turn_off', data: {} }],
  ['Please switch the fan on', 'fan.x', { service: 'fan.turn_on', data: {} }],
  ['dim the lamp to 30 %', 'light.x', { service: 'light.turn_on', data: { brightness_pct: 30 } }],
  [
    'set the heating to 20.5 degrees',
    'climate.x',
    { service: 'climate.set_temperature', data: { temperature: 20.5 } },
  ],
  ['open the blinds', 'cover.x', { service: 'cover.open_cover', data: {} }],
  ['close the blinds', 'cover.x', { service: 'cover.close_cover', data: {} }],
  ['unlock the front door', 'lock.x', { service: 'lock.unlock', data: {} }],
  ['lock the front door', 'lock.x', { service: 'lock.lock', data: {} }],
  ['start the vacuum', 'vacuum.x', { service: 'vacuum.start', data: {} }],
])('%s', (wish, id, action) => {
  expect(actionsFor(wish, id)).toEqual([{ ...(action as object), entity_ids: [id] }])
})

test('sensors are never acted on, and several domains become several actions', () => {
  expect(actionsFor('turn everything off', 'light.a', 'sensor.b', 'switch.c')).toEqual([
    { service: 'light.turn_off', entity_ids: ['light.a'], data: {} },
    { service: 'switch.turn_off', entity_ids: ['switch.c'], data: {} },
  ])
})

test('an automation is described, not acted out', () => {
  const change = findChange('Turn on the porch light every day at sunset')!
  expect(change.automation).toBe(true)
  const { arguments: args } = proposeCall(change, [])
  expect(args.actions).toEqual([])
  expect(args.description).toMatch(/still to be chosen/)
})

test('the words name service, entity and data, and that nothing happened', () => {
  const proposal = {
    tool: 'propose_change' as const,
    title: 'Warmer',
    description: 'x',
    actions: [{ service: 'climate.set_temperature', entityIds: ['climate.a'], data: { temperature: 21 } }],
  }
  const text = sayProposal(proposal, false)
  expect(text).toContain('- `climate.set_temperature` on `climate.a` with `{"temperature":21}`')
  expect(text).toMatch(/Nothing has been changed/)
  expect(sayProposal(proposal, true).match(/[.!?](?:\s|$)/g)).toHaveLength(1)
})

test.each([
  'which lights are on?',
  'how can I reduce my bill?',
  'Open windows?',
  'Write a summary of my energy usage',
  'off',
  'is the door open',
])('"%s" is no wish to change something', (text) => {
  expect(findChange(text)).toBeNull()
})
