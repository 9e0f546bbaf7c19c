import { expect, test } from 'vitest'
import { ask } from './ask.ts'

const routed = async (content: string) =>
  (await ask([{ role: 'user', content }], ['route', 'clarify'])).calls[0]

test.each([
  ['Analyze my energy usage', 'energy'],
  ['What did electricity cost last month?', 'energy'],
  ['Suggest automations', 'behavioral'],
  ['Are any batteries low?', 'diagnostic'],
  ['Analyze my home', 'architect'],
  ['Which lights are on?', 'architect'],
  ['Turn off the lights', 'architect'],
  ['hello', 'architect'],
  ['Write a poem about the sea', 'architect'],
  ['wie viel Strom habe ich verbraucht?', 'architect'],
])('%s → %s', async (question, agent) => {
  const call = await routed(question)
  expect(call?.name).toBe('route')
  expect(call?.args.agent).toBe(agent)
  expect(call?.args.reason).toMatch(/\w+ \w+/)
})

test.each(['do something', 'improve it', '?', 'anything'])('%s is asked back', async (question) => {
  const call = await routed(question)
  expect(call?.name).toBe('clarify')
  expect(call?.args.options).toHaveProperty('length', 4)
})

test('options that are offered are understood', async () => {
  const options = (await routed('do something'))?.args.options as string[]
  for (const option of options) expect((await routed(option))?.name).toBe('route')
})
