import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { AetherError } from '../../../shared/errors/aether-error.ts'
import { persistently } from '../../../shared/storage/persistently.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const away = () => Object.assign(new Error('away'), { code: 'ECONNREFUSED' })

/** A write that does what each try is told, the last again and again, and what is seen of it in `forMs`. */
async function run(tries: readonly (() => Promise<string>)[], forMs: number) {
  const told: boolean[] = []
  const seen: unknown[] = []
  const written = persistently(
    (again) => {
      const work = tries[Math.min(told.push(again), tries.length) - 1]
      return work ? work() : Promise.reject(new Error('no try is left'))
    },
    (error) => seen.push(error),
  )
  const outcome = written.catch((error: unknown) => error)
  await vi.advanceTimersByTimeAsync(forMs)
  return { outcome: await outcome, told, seen }
}
const well = async () => 'written'
const failing = (fault: () => unknown) => async () => {
  throw fault()
}

test('a short outage is waited for, and the write told that it is a repetition', async () => {
  const { outcome, told, seen } = await run([failing(away), failing(away), well], 300)
  expect(outcome).toBe('written')
  expect(told).toEqual([false, true, true])
  expect(seen).toHaveLength(2)
})

test('a long outage is thrown after half a minute, in which pauses grow to a second', async () => {
  const { outcome, told, seen } = await run([failing(away)], 30_000)
  expect(outcome).toMatchObject({ code: 'STORAGE_UNAVAILABLE' })
  expect(told).toHaveLength(33)
  expect(seen).toHaveLength(33)
})

test('a write that gets no answer is given up after that time, and no second one set beside it', async () => {
  const { outcome, told } = await run([() => new Promise(() => {})], 30_000)
  expect(outcome).toMatchObject({ code: 'STORAGE_UNAVAILABLE' })
  expect(told).toEqual([false])
})

test.each([
  ['a refusal', () => new AetherError('CONFLICT'), 'CONFLICT'],
  ['what no wait mends', () => Object.assign(new Error('out of range'), { code: '22003' }), 'INTERNAL'],
])('%s is thrown at once', async (_, fault, code) => {
  const { outcome, told, seen } = await run([failing(fault)], 0)
  expect(outcome).toMatchObject({ code })
  expect(told).toEqual([false])
  expect(seen).toHaveLength(1)
})
