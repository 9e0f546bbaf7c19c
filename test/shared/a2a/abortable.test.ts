import { expect, test } from 'vitest'
import { abortable } from '../../../shared/a2a/abortable.ts'
import { collect } from './scripted-agent.ts'

async function* count(to: number) {
  for (let i = 0; i < to; i++) yield i
}

test('without an abort it is the same items', async () => {
  expect(await collect(abortable(count(3), new AbortController().signal))).toEqual([0, 1, 2])
})

test('an abort ends the wait for a source that hangs, which is told to return', async () => {
  const controller = new AbortController()
  const reason = new Error('cancelled')
  let returned = false
  const hanging: AsyncIterable<number> = {
    [Symbol.asyncIterator]: () => ({
      next: () => new Promise(() => {}),
      return: async () => {
        returned = true
        throw new Error('nobody hears this')
      },
    }),
  }
  const next = abortable(hanging, controller.signal).next()
  controller.abort(reason)
  await expect(next).rejects.toBe(reason)
  expect(returned).toBe(true)
})

test('an aborted signal lets nothing through', async () => {
  let started = false
  async function* source() {
    started = true
    yield 1
  }
  await expect(abortable(source(), AbortSignal.abort(new Error('before'))).next()).rejects.toThrow('before')
  expect(started).toBe(false)
})

test('what the source throws comes through; leaving runs its clean-up', async () => {
  async function* broken() {
    yield 1
    throw new Error('broken')
  }
  await expect(collect(abortable(broken(), new AbortController().signal))).rejects.toThrow('broken')
  let cleaned = false
  async function* tidy() {
    try {
      yield 1
      yield 2
    } finally {
      cleaned = true
    }
  }
  for await (const _ of abortable(tidy(), new AbortController().signal)) break
  expect(cleaned).toBe(true)
})
