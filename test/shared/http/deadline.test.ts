import fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { steadyNow } from '../../../shared/domain/time/steady.ts'
import { deadlineSignal, parseDeadlineMs, remainingMs } from '../../../shared/http/deadline.ts'

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 })
})
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
})
const now = () => Date.now()

test('the signal aborts at the deadline with a TimeoutError', () => {
  const limit = deadlineSignal({ header: '500', maxMs: 10_000, now })
  expect(limit.deadline).toBe(1_000_500)
  vi.advanceTimersByTime(499)
  expect(limit.signal.aborted).toBe(false)
  vi.advanceTimersByTime(1)
  expect(limit.signal.reason).toBeInstanceOf(DOMException)
  expect(limit.signal.reason.name).toBe('TimeoutError')
  limit.dispose()
})

test('the least of header, deadline and maximum counts', () => {
  fc.assert(
    fc.property(
      fc.nat(100_000),
      fc.nat(100_000),
      fc.integer({ min: -100, max: 100_000 }),
      (header, maxMs, ahead) => {
        const limit = deadlineSignal({ header: String(header), maxMs, deadline: now() + ahead, now })
        expect(limit.deadline).toBe(now() + Math.max(0, Math.min(header, maxMs, ahead)))
        expect(limit.signal.aborted).toBe(limit.deadline === now())
        limit.dispose()
      },
    ),
  )
})

test.each(['-1', '1.5', '1e3', 'Infinity', '', ' 5', '9'.repeat(13)])(
  'a bad header %j lifts no limit',
  (header) => {
    expect(parseDeadlineMs(header)).toBeNull()
    const limit = deadlineSignal({ header, maxMs: 200, now })
    expect(limit.deadline).toBe(now() + 200)
    limit.dispose()
  },
)

test('the parent aborts it with its own reason, before and after', () => {
  const parent = new AbortController()
  const limit = deadlineSignal({ maxMs: 1_000, now, parent: parent.signal })
  const reason = new Error('cancelled')
  parent.abort(reason)
  expect(limit.signal.reason).toBe(reason)
  limit.dispose()
  const late = deadlineSignal({ maxMs: 1_000, now, parent: parent.signal })
  expect(late.signal.reason).toBe(reason)
  late.dispose()
})

test('a deadline beyond what timers take does not fire at once', () => {
  const limit = deadlineSignal({ maxMs: Infinity, now })
  vi.advanceTimersByTime(1_000)
  expect(limit.signal.aborted).toBe(false)
  limit.dispose()
})

test('after dispose neither time nor parent aborts it', () => {
  const parent = new AbortController()
  const limit = deadlineSignal({ maxMs: 10, now, parent: parent.signal })
  limit.dispose()
  vi.advanceTimersByTime(100)
  parent.abort()
  expect(limit.signal.aborted).toBe(false)
})

test('what is left is whole milliseconds and never negative', () => {
  expect(remainingMs(now() + 10.7, now)).toBe(10)
  expect(remainingMs(now() - 5, now)).toBe(0)
})

test('the steady clock counts whole milliseconds, as timers want them, and never goes back', () => {
  vi.useRealTimers()
  const seen = Array.from({ length: 1_000 }, () => steadyNow())
  expect(seen.every(Number.isInteger)).toBe(true)
  expect(seen).toEqual(seen.toSorted((a, b) => a - b))
  vi.useFakeTimers()
})
