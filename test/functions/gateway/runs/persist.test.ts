import { expect, test } from 'vitest'
import { persist } from '../../../../functions/gateway/runs/persist.ts'
import { systemTimers } from '../../../../functions/gateway/runs/timers.ts'
import { AetherError } from '../../../../shared/errors/aether-error.ts'

const away = (message: string) => Object.assign(new Error(message), { code: 'ECONNREFUSED' })

function setUp(faults: unknown[]) {
  const seen: unknown[] = []
  const work = async () => {
    const fault = faults.shift()
    if (fault !== undefined) throw fault
    return 'written'
  }
  const options = {
    timers: systemTimers,
    forMs: 5,
    everyMs: 1,
    onFault: (error: unknown) => seen.push(error),
  }
  return { seen, run: () => persist(work, options) }
}

test('a short outage is waited for', async () => {
  const t = setUp([away('1'), away('2')])
  expect(await t.run()).toBe('written')
  expect(t.seen).toHaveLength(2)
})

test('a long outage is thrown in the end', async () => {
  const t = setUp(Array.from({ length: 20 }, () => away('away')))
  await expect(t.run()).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' })
  expect(t.seen).toHaveLength(5)
})

test('a refusal is thrown at once', async () => {
  const t = setUp([new AetherError('CONFLICT')])
  await expect(t.run()).rejects.toMatchObject({ code: 'CONFLICT' })
  expect(t.seen).toHaveLength(1)
})

test('what no wait mends is thrown at once', async () => {
  const t = setUp([Object.assign(new Error('out of range'), { code: '22003' })])
  await expect(t.run()).rejects.toMatchObject({ code: 'INTERNAL' })
  expect(t.seen).toHaveLength(1)
})
