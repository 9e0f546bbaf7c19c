import { expect, test } from 'vitest'
import { persist } from '../../../../functions/gateway/runs/persist.ts'
import { systemTimers } from '../../../../functions/gateway/runs/timers.ts'
import { AetherError } from '../../../../shared/errors/aether-error.ts'

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
  const t = setUp([new Error('1'), new Error('2')])
  expect(await t.run()).toBe('written')
  expect(t.seen).toHaveLength(2)
})

test('a long outage is thrown in the end', async () => {
  const t = setUp(Array.from({ length: 20 }, () => new Error('away')))
  await expect(t.run()).rejects.toThrow('away')
  expect(t.seen).toHaveLength(5)
})

test('a refusal is thrown at once', async () => {
  const t = setUp([new AetherError('CONFLICT')])
  await expect(t.run()).rejects.toMatchObject({ code: 'CONFLICT' })
  expect(t.seen).toHaveLength(1)
})
