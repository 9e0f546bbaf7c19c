import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRetryBudget } from '../../../shared/http/retry-budget.ts'

test('it starts with one second of retries', () => {
  const budget = createRetryBudget({ now: () => 0 })
  const taken = Array.from({ length: 12 }, () => budget.tryTake())
  expect(taken.filter((ok) => ok)).toHaveLength(10)
})

test('five requests pay for one retry', () => {
  const budget = createRetryBudget({ now: () => 0, perSecond: 0 })
  for (let i = 0; i < 4; i++) budget.onRequest()
  expect(budget.tryTake()).toBe(false)
  for (let i = 0; i < 2; i++) budget.onRequest()
  expect(budget.tryTake()).toBe(true)
  expect(budget.tryTake()).toBe(false)
})

test('retries never exceed what requests and time have paid in', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('request' as const) }),
    fc.record({ kind: fc.constant('take' as const) }),
    fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: -5_000, max: 5_000 }) }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      let time = 0
      let passed = 0
      let requests = 0
      let taken = 0
      const budget = createRetryBudget({ now: () => time })
      for (const each of steps) {
        if (each.kind === 'wait') {
          time += each.ms
          passed += Math.max(0, each.ms)
        } else if (each.kind === 'request') {
          requests++
          budget.onRequest()
        } else if (budget.tryTake()) taken++
      }
      expect(taken).toBeLessThanOrEqual(10 + 0.2 * requests + passed / 100 + 1e-6)
    }),
  )
})

test('a long quiet time saves up no more than the cap', () => {
  let time = 0
  const budget = createRetryBudget({ now: () => time, cap: 3, perSecond: 1 })
  time = 3_600_000
  expect([1, 2, 3, 4].map(() => budget.tryTake())).toEqual([true, true, true, false])
})
