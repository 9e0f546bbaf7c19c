import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSlots } from '../../../infrastructure/gvisor/slots.ts'

const never = new AbortController().signal

describe('createSlots', () => {
  it('gives slots in the order of asking, and turns away what the queue does not hold', async () => {
    const slots = createSlots({ parallel: 1, queued: 1 })
    const first = await slots.acquire(never)
    const second = slots.acquire(never)
    expect(await slots.acquire(never)).toBeNull()
    expect(slots).toMatchObject({ running: 1, waiting: 1 })
    first?.()
    const release = await second
    expect(release).not.toBeNull()
    expect(slots).toMatchObject({ running: 1, waiting: 0 })
    release?.()
    expect(slots.running).toBe(0)
  })

  it('forgets a waiter whose signal fires, and one that never had a chance', async () => {
    const slots = createSlots({ parallel: 1, queued: 4 })
    const first = await slots.acquire(never)
    const gaveUp = new AbortController()
    const waiting = slots.acquire(gaveUp.signal)
    const behind = slots.acquire(never)
    gaveUp.abort()
    expect(await waiting).toBeNull()
    expect(slots.waiting).toBe(1)
    first?.()
    expect(await behind).not.toBeNull()
    expect(await slots.acquire(AbortSignal.abort())).toBeNull()
  })

  it('never has more holders than slots, and ends with none, whatever the order', async () => {
    const step = fc.record({ take: fc.boolean(), pick: fc.nat({ max: 20 }), twice: fc.boolean() })
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 60 }),
        fc.integer({ min: 1, max: 4 }),
        async (steps, parallel) => {
          const slots = createSlots({ parallel, queued: 5 })
          const held: (() => void)[] = []
          const pending = new Set<AbortController>()
          for (const { take, pick, twice } of steps) {
            if (take) {
              const controller = new AbortController()
              pending.add(controller)
              void slots.acquire(controller.signal).then((release) => {
                pending.delete(controller)
                if (release) held.push(release)
              })
            } else if (pick % 2 === 0) {
              const release = held.splice(pick % Math.max(1, held.length), 1)[0]
              release?.()
              if (twice) release?.()
            } else [...pending][pick % Math.max(1, pending.size)]?.abort()
            await Promise.resolve()
            await Promise.resolve()
            await Promise.resolve()
            expect(slots.running).toBeLessThanOrEqual(parallel)
            expect(slots.waiting).toBeLessThanOrEqual(5)
          }
          for (const controller of pending) controller.abort()
          await new Promise((resolve) => setTimeout(resolve))
          while (held.length > 0) held.shift()?.()
          expect(slots).toMatchObject({ running: 0, waiting: 0 })
        },
      ),
      { numRuns: 60 },
    )
  })
})
