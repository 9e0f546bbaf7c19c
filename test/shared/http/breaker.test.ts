import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createBreaker } from '../../../shared/http/breaker.ts'

function fail(breaker: ReturnType<typeof createBreaker>, times: number) {
  for (let i = 0; i < times; i++) {
    breaker.tryPass()
    breaker.onResult(false)
  }
}

test('five failures in a row open it, four do not', () => {
  const breaker = createBreaker({ now: () => 0 })
  fail(breaker, 4)
  breaker.onResult(true)
  fail(breaker, 4)
  expect(breaker.state).toBe('closed')
  fail(breaker, 1)
  expect(breaker.state).toBe('open')
  expect(breaker.tryPass()).toBe(false)
})

test('half of the last twenty open it', () => {
  const breaker = createBreaker({ now: () => 0 })
  for (let i = 0; i < 19; i++) breaker.onResult(i % 2 === 0)
  expect(breaker.state).toBe('closed')
  breaker.onResult(false)
  expect(breaker.state).toBe('open')
})

test('after 5 s one probe passes; a good one closes it, a bad one opens it again', () => {
  let time = 0
  const breaker = createBreaker({ now: () => time })
  fail(breaker, 5)
  time = 4_999
  expect(breaker.tryPass()).toBe(false)
  time = 5_000
  expect(breaker.tryPass()).toBe(true)
  expect(breaker.tryPass()).toBe(false)
  breaker.onResult(false)
  expect(breaker.state).toBe('open')
  time = 9_999
  expect(breaker.tryPass()).toBe(false)
  time = 10_000
  expect(breaker.tryPass()).toBe(true)
  breaker.onResult(true)
  expect(breaker.state).toBe('closed')
  fail(breaker, 4)
  expect(breaker.tryPass()).toBe(true)
})

test('a probe whose caller left is given back', () => {
  let time = 0
  const breaker = createBreaker({ now: () => time })
  fail(breaker, 5)
  time = 5_000
  breaker.tryPass()
  breaker.onAbandoned()
  expect(breaker.tryPass()).toBe(true)
})

test('at most one call is let through every 5 s while it is not closed', () => {
  const step = fc.oneof(
    fc.constant('good' as const),
    fc.constant('bad' as const),
    fc.constant('gone' as const),
    fc.nat(3_000),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
      let time = 0
      const breaker = createBreaker({ now: () => time })
      for (const each of steps) {
        if (typeof each === 'number') {
          time += each
          continue
        }
        const before = breaker.state
        const passed = breaker.tryPass()
        if (before === 'closed') expect(passed).toBe(true)
        if (!passed) continue
        if (before === 'open') {
          expect(breaker.state).toBe('probing')
          expect(breaker.tryPass()).toBe(false)
        }
        if (each === 'gone') breaker.onAbandoned()
        else breaker.onResult(each === 'good')
        if (before === 'open') expect(breaker.state).toBe(each === 'good' ? 'closed' : 'open')
      }
    }),
  )
})
