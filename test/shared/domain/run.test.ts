import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  addUsage,
  canMove,
  isTerminal,
  NO_USAGE,
  RUN_STATES,
  type RunState,
  statesBefore,
} from '../../../shared/domain/run.ts'

const state = fc.constantFrom(...RUN_STATES)

test('a terminal state never changes again', () => {
  fc.assert(
    fc.property(fc.array(state, { maxLength: 30 }), (wishes) => {
      let now: RunState = 'queued'
      let ended: RunState | null = null
      for (const wish of wishes) {
        if (canMove(now, wish)) now = wish
        if (ended !== null) expect(now).toBe(ended)
        else if (isTerminal(now)) ended = now
      }
    }),
  )
})

test('exactly completed, failed and cancelled are ends', () => {
  expect(RUN_STATES.filter(isTerminal)).toEqual(['completed', 'failed', 'cancelled'])
})

test('every open state can be cancelled and can fail; an answer comes from work alone', () => {
  const open = RUN_STATES.filter((s) => !isTerminal(s))
  expect(statesBefore('cancelled')).toEqual(open)
  expect(statesBefore('failed')).toEqual(open)
  expect(statesBefore('completed')).toEqual(['running', 'waiting'])
  expect(statesBefore('running')).toEqual(['queued', 'running', 'interrupted'])
})

test('usage adds up', () => {
  const one = { promptTokens: 1, completionTokens: 2, totalTokens: 3 }
  expect(addUsage(addUsage(NO_USAGE, one), one)).toEqual({
    promptTokens: 2,
    completionTokens: 4,
    totalTokens: 6,
  })
})
