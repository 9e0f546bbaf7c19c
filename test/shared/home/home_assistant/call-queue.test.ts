import { expect, test } from 'vitest'
import { createCallQueue } from '../../../../shared/home/home_assistant/call-queue.ts'

const never = new AbortController().signal

test('no more run at once than may, in order, and each waiting one gets its turn', async () => {
  const queue = createCallQueue({ atOnce: 3, waiting: 100 })
  let running = 0
  let most = 0
  const order: number[] = []
  const call = (i: number) => async () => {
    order.push(i)
    most = Math.max(most, ++running)
    await new Promise((resolve) => setTimeout(resolve, 1))
    running--
    return i
  }
  const results = await Promise.all(Array.from({ length: 40 }, (_, i) => queue.run(call(i), never)))
  expect(results).toEqual(Array.from({ length: 40 }, (_, i) => i))
  expect(order).toEqual(results)
  expect(most).toBe(3)
})

test('a full queue refuses, an aborted call leaves it, a failed one hands its turn on', async () => {
  const queue = createCallQueue({ atOnce: 1, waiting: 1 })
  const first = Promise.withResolvers<void>()
  const running = queue.run(() => first.promise, never)
  const stop = new AbortController()
  const waiting = queue.run(async () => 'late', stop.signal)
  await expect(queue.run(async () => 1, never)).rejects.toMatchObject({ state: 'busy' })
  stop.abort(new Error('enough'))
  await expect(waiting).rejects.toThrow('enough')
  expect(queue.waiting).toBe(0)
  const next = queue.run(async () => 'next', never)
  first.reject(new Error('failed'))
  await expect(running).rejects.toThrow('failed')
  expect(await next).toBe('next')
})
