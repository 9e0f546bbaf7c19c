import { expect, test } from 'vitest'
import { answerAutomations, asksAutomations } from '../../../../shared/llm/offline/automations.ts'

test.each([
  ['What do my automations do?', true],
  ['Which automations do I have?', true],
  ['List all automations', true],
  ['What does the evening automation do?', true],
  ['What should I automate?', false],
  ['Suggest new automations', false],
  ['Which automations are broken?', false],
  ['Which automations do we undo?', false],
  ['How often did the automations run last week?', false],
])('%s', (question, asks) => {
  expect(asksAutomations(question)).toBe(asks)
})

test('each automation is one line, whatever its name', () => {
  const automations = [
    {
      name: 'Night\n<b>',
      enabled: false,
      triggers: ['time at 23:00'],
      actions: ['turn off: Hall'],
      stopped: null,
    },
    { name: 'Odd', enabled: true, triggers: [], actions: [], stopped: null },
  ]
  const lines = answerAutomations(automations, 2).split('\n')
  expect(lines[0]).toBe('There are 2 automations:')
  expect(lines).toHaveLength(4)
  expect(lines[2]).toMatch(/^- Night.*\(switched off\): starts by time at 23:00 and does: turn off: Hall\.$/)
  expect(lines[2]).not.toContain('<b>')
  expect(lines[3]).toBe('- Odd: its configuration could not be read.')
  expect(answerAutomations([], 0)).toMatch(/no automations/)
})

test('long names are told whole, and very long texts end at a word', () => {
  const name = 'Temperature of the sensor behind the cupboard in the corner of the upstairs bathroom'
  const trigger = `state of ${name}, ${name} to on`
  const action = `turn on: ${Array.from({ length: 40 }, (_, i) => `Lamp number${i}`).join(', ')}`
  const text = answerAutomations(
    [{ name: 'Fan', enabled: true, triggers: [trigger], actions: [action], stopped: null }],
    1,
  )
  expect(text).toContain(`starts by ${trigger} and does: turn on: Lamp number0,`)
  expect(text).toMatch(/Lamp number\d+…\.$/)
})

test.each([
  ['error', 'action 2', 'Its last run failed at its action 2.'],
  ['failed_conditions', 'condition 1', 'Its last run stopped at its condition 1: a condition was not met.'],
  ['failed_single', '', 'Its last run stopped (failed single).'],
])('a last run that ended by %s is told', (outcome, place, told) => {
  const one = { name: 'Fan', enabled: true, triggers: [], actions: [], stopped: { outcome, place } }
  expect(answerAutomations([one], 1)).toContain(told)
})
