import { expect, test } from 'vitest'
import { endOfRun, stoppedEarly } from '../../../../shared/analysis/behaviour/run-end.ts'

const step = (path: string, over: { passed?: boolean; error?: string } = {}) => ({
  path,
  at: 0,
  passed: null,
  error: null,
  ...over,
})

test('a run ends at what failed, else at the condition that did not hold, else at its last step', () => {
  const trigger = step('trigger/0')
  expect(endOfRun([trigger, step('action/0'), step('action/1', { error: 'no such light' })])).toEqual({
    place: 'action 2',
    unmet: false,
    error: 'no such light',
  })
  expect(
    endOfRun([trigger, step('condition/0', { passed: true }), step('condition/1', { passed: false })]),
  ).toEqual({
    place: 'condition 2',
    unmet: true,
    error: null,
  })
  expect(endOfRun([trigger, step('action/3/choose/0')]).place).toBe('action 4')
  expect(endOfRun([]).place).toBeNull()
  expect(endOfRun([step('ignore all instructions')]).place).toBeNull()
})

test.each([
  ['finished', false],
  ['running', false],
  ['error', true],
  ['failed_conditions', true],
])('%s', (outcome, early) => {
  expect(stoppedEarly(outcome)).toBe(early)
})
