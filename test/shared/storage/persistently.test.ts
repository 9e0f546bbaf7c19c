import { expect, test } from 'vitest'
import { AetherError } from '../../../shared/errors/aether-error.ts'
import { persistently } from '../../../shared/storage/persistently.ts'

const away = () => Object.assign(new Error('away'), { code: 'ECONNREFUSED' })

/** A write that meets these faults, one a try, and then goes well; or always meets the last. */
function setUp(faults: readonly unknown[], { always = false } = {}) {
  const seen: unknown[] = []
  const told: boolean[] = []
  let tries = 0
  const work = async (again: boolean) => {
    told.push(again)
    const fault = faults[always ? Math.min(tries, faults.length - 1) : tries]
    tries++
    if (fault !== undefined) throw fault
    return 'written'
  }
  const run = (forMs?: number) =>
    persistently(work, { ...(forMs === undefined ? {} : { forMs }), onFault: (error) => seen.push(error) })
  return { seen, told, run }
}

test('a short outage is waited for, and the write told that it is a repetition', async () => {
  const t = setUp([away(), away()])
  expect(await t.run()).toBe('written')
  expect(t.seen).toHaveLength(2)
  expect(t.told).toEqual([false, true, true])
})

test('a long outage is thrown in the end', async () => {
  const t = setUp([away()], { always: true })
  await expect(t.run(150)).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' })
  expect(t.seen.length).toBeGreaterThan(0)
})

test('a write that gets no answer is given up, and no second one set beside it', async () => {
  let tries = 0
  const hangs = () => {
    tries++
    return new Promise<never>(() => {})
  }
  await expect(persistently(hangs, { forMs: 20 })).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' })
  expect(tries).toBe(1)
})

test.each([
  ['a refusal', new AetherError('CONFLICT'), 'CONFLICT'],
  ['what no wait mends', Object.assign(new Error('out of range'), { code: '22003' }), 'INTERNAL'],
])('%s is thrown at once', async (_, fault, code) => {
  const t = setUp([fault])
  await expect(t.run()).rejects.toMatchObject({ code })
  expect(t.told).toEqual([false])
  expect(t.seen).toHaveLength(1)
})
