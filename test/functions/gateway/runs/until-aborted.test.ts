import { expect, test } from 'vitest'
import { untilAborted } from '../../../../functions/gateway/runs/until-aborted.ts'

async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const out: T[] = []
  for await (const item of source) out.push(item)
  return out
}

async function* numbers(end: { called: boolean }) {
  try {
    yield 1
    yield 2
  } finally {
    end.called = true
  }
}

test('passes everything on', async () => {
  const end = { called: false }
  expect(await collect(untilAborted(numbers(end), new AbortController().signal))).toEqual([1, 2])
  expect(end.called).toBe(true)
})

test('throws the reason at once, also when the source hangs for ever', async () => {
  const stop = new AbortController()
  async function* hangs() {
    yield 1
    await new Promise(() => {})
  }
  const reason = new Error('stop')
  const all = collect(untilAborted(hangs(), stop.signal))
  stop.abort(reason)
  await expect(all).rejects.toBe(reason)
})

test('a signal that has aborted already starts nothing', async () => {
  const reason = new Error('stop')
  const end = { called: false }
  await expect(collect(untilAborted(numbers(end), AbortSignal.abort(reason)))).rejects.toBe(reason)
})

test('a reader that leaves ends the source', async () => {
  const end = { called: false }
  for await (const _ of untilAborted(numbers(end), new AbortController().signal)) break
  await Promise.resolve()
  expect(end.called).toBe(true)
})

test("the source's own fault passes", async () => {
  async function* fails() {
    yield 1
    throw new Error('broken')
  }
  await expect(collect(untilAborted(fails(), new AbortController().signal))).rejects.toThrow('broken')
})
