import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createWatchdog } from '../../../shared/http/watchdog.ts'

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(() => {
  vi.useRealTimers()
})

function watched(ms: number) {
  const calls: number[] = []
  const start = performance.now()
  return { dog: createWatchdog(ms, () => calls.push(performance.now() - start)), calls }
}

test('silence of the whole span rings once', async () => {
  const { dog, calls } = watched(100)
  dog.watch()
  await vi.advanceTimersByTimeAsync(99)
  expect(calls).toEqual([])
  await vi.advanceTimersByTimeAsync(500)
  expect(calls).toEqual([100])
})

test('every watch counts anew, and a rest does not count', async () => {
  const { dog, calls } = watched(100)
  dog.watch()
  await vi.advanceTimersByTimeAsync(60)
  dog.rest()
  await vi.advanceTimersByTimeAsync(200)
  dog.watch()
  await vi.advanceTimersByTimeAsync(99)
  expect(calls).toEqual([])
  dog.watch()
  await vi.advanceTimersByTimeAsync(99)
  expect(calls).toEqual([])
  await vi.advanceTimersByTimeAsync(1)
  expect(calls).toEqual([459])
})

test('many waits take one timer, and none is left after a stop', async () => {
  const { dog, calls } = watched(100)
  for (let i = 0; i < 1_000; i++) {
    dog.watch()
    dog.rest()
  }
  expect(vi.getTimerCount()).toBe(1)
  dog.stop()
  expect(vi.getTimerCount()).toBe(0)
  await vi.advanceTimersByTimeAsync(500)
  expect(calls).toEqual([])
})

test('Infinity never rings and holds no timer', () => {
  const { dog } = watched(Number.POSITIVE_INFINITY)
  dog.watch()
  expect(vi.getTimerCount()).toBe(0)
})
