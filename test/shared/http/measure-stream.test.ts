import { expect, test } from 'vitest'
import { measureStream } from '../../../shared/http/measure-stream.ts'

/** Items of a source that takes a second for each, and may fail at its end; and what was measured. */
function measured(items: readonly string[], fault: Error | null = null) {
  let clock = 0
  const leaving = new AbortController()
  const log: unknown[] = []
  async function* source() {
    for (const item of items) {
      clock += 1_000
      yield item
    }
    clock += 1_000
    if (fault) throw fault
  }
  const stream = measureStream(source(), {
    now: () => clock,
    signal: leaving.signal,
    onFirst: (seconds) => log.push(['first', seconds]),
    onItem: (item) => log.push(item),
    onEnd: (seconds, outcome) => log.push(['end', seconds, outcome]),
  })
  return { stream, log, leave: () => leaving.abort() }
}

async function read(stream: AsyncIterable<string>): Promise<string[]> {
  const got: string[] = []
  for await (const item of stream) got.push(item)
  return got
}

test('every item is passed on; the first and the end are timed', async () => {
  const { stream, log } = measured(['a', 'b'])
  expect(await read(stream)).toEqual(['a', 'b'])
  expect(log).toEqual([['first', 1], 'a', 'b', ['end', 3, 'ok']])
})

test('a fault is an error, unless whoever asked had gone; it is thrown on', async () => {
  const failing = measured(['a'], new Error('broken'))
  await expect(read(failing.stream)).rejects.toThrow('broken')
  expect(failing.log.at(-1)).toEqual(['end', 2, 'error'])
  const gone = measured([], new Error('aborted'))
  gone.leave()
  await expect(read(gone.stream)).rejects.toThrow('aborted')
  expect(gone.log).toEqual([['end', 1, 'left']])
})

test('a reader that stops has left', async () => {
  const { stream, log } = measured(['a', 'b'])
  for await (const _ of stream) break
  expect(log).toEqual([['first', 1], 'a', ['end', 1, 'left']])
})
