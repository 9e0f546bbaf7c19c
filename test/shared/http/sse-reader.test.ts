import fc from 'fast-check'
import { afterEach, expect, test, vi } from 'vitest'
import { readSse, type SseEvent } from '../../../shared/http/sse-reader.ts'
import { eventFrame } from '../../../shared/http/sse-writer.ts'

afterEach(() => {
  vi.useRealTimers()
})

const encoder = new TextEncoder()

/** A body that brings these pieces and notes whether it was cancelled. */
function bodyOf(pieces: Iterable<Uint8Array | string>, end: 'close' | 'hang' = 'close') {
  const iterator = pieces[Symbol.iterator]()
  const state = { cancelled: false }
  const body = new ReadableStream<Uint8Array>({
    pull(out) {
      const { done, value } = iterator.next()
      if (!done) out.enqueue(typeof value === 'string' ? encoder.encode(value) : value)
      else if (end === 'close') out.close()
      else return new Promise<void>(() => {})
    },
    cancel() {
      state.cancelled = true
    },
  })
  return { body, state }
}

async function read(pieces: Iterable<Uint8Array | string>, options = {}): Promise<SseEvent[]> {
  const events: SseEvent[] = []
  for await (const event of readSse(bodyOf(pieces).body, options)) events.push(event)
  return events
}

/** Cuts bytes at the given places, also within a character and within CR LF. */
function cut(bytes: Uint8Array, places: number[]): Uint8Array[] {
  const at = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b)
  return [0, ...at].map((from, i) => bytes.slice(from, at[i] ?? bytes.length))
}

test('events come out the same however the bytes are cut', async () => {
  const line = fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => text.replace(/[\r\n\0]/g, '.'))
  const event = fc.record({
    data: fc.array(line, { minLength: 1, maxLength: 3 }),
    event: fc.option(line),
    id: fc.option(line),
  })
  await fc.assert(
    fc.asyncProperty(
      fc.array(event, { maxLength: 6 }),
      fc.constantFrom('\n', '\r\n', '\r'),
      fc.array(fc.nat(), { maxLength: 12 }),
      async (sent, newline, places) => {
        let text = ''
        for (const { data, event: type, id } of sent) {
          text += ': a comment\n'
          text += eventFrame({
            data: data.join('\n'),
            ...(type === null ? {} : { event: type }),
            ...(id === null ? {} : { id }),
          })
        }
        const bytes = encoder.encode(text.replaceAll('\n', newline))
        let last: string | null = null
        const wanted = sent.map(({ data, event: type, id }) => {
          last = id ?? last
          return { data: data.join('\n'), event: type, id: last }
        })
        expect(await read(cut(bytes, places))).toEqual(wanted)
      },
    ),
  )
})

test('an event without its blank line is not an event', async () => {
  expect(await read(['data: one\n\ndata: two\n'])).toEqual([{ data: 'one', event: null, id: null }])
  expect(await read(['data: one\n\ndata: tw'])).toHaveLength(1)
})

test('what has no data is not dispatched, and a field may have no value', async () => {
  expect(await read(['event: x\n\n', ': quiet\n\n', 'data\n\n', 'data:a\nretry: 5\n\n'])).toEqual([
    { data: '', event: null, id: null },
    { data: 'a', event: null, id: null },
  ])
})

test('a byte order mark at the start is skipped', async () => {
  expect(await read(['\uFEFFdata: a\n\n'])).toEqual([{ data: 'a', event: null, id: null }])
})

test.each([
  ['one long line', ['data: ', 'x'.repeat(70), '\n\n']],
  ['a line that never ends', Array.from({ length: 100 }, () => 'x')],
  ['many lines', Array.from({ length: 100 }, () => 'data: x\n')],
])('an event over the limit ends the stream: %s', async (_name, pieces) => {
  await expect(read(pieces, { maxEventBytes: 64 })).rejects.toThrow('larger than the limit')
})

test('many events may be larger than the limit together', async () => {
  expect(
    await read(
      Array.from({ length: 100 }, () => 'data: xxxx\n\n'),
      { maxEventBytes: 64 },
    ),
  ).toHaveLength(100)
})

test('leaving the loop cancels the body', async () => {
  const { body, state } = bodyOf(['data: a\n\n', 'data: b\n\n'], 'hang')
  for await (const _ of readSse(body)) break
  expect(state.cancelled).toBe(true)
})

test('an abort throws its reason and cancels, while it waits and before it starts', async () => {
  const reason = new Error('cancelled')
  const controller = new AbortController()
  const { body, state } = bodyOf([], 'hang')
  const next = readSse(body, { signal: controller.signal }).next()
  controller.abort(reason)
  await expect(next).rejects.toBe(reason)
  expect(state.cancelled).toBe(true)

  const late = bodyOf(['data: a\n\n'])
  await expect(readSse(late.body, { signal: controller.signal }).next()).rejects.toBe(reason)
  expect(late.state.cancelled).toBe(true)
})

test('an abort between two events ends the loop with its reason', async () => {
  const controller = new AbortController()
  const seen: string[] = []
  const all = (async () => {
    for await (const { data } of readSse(bodyOf(['data: a\n\ndata: b\n\n']).body, {
      signal: controller.signal,
    })) {
      seen.push(data)
      controller.abort(new Error('enough'))
    }
  })()
  await expect(all).rejects.toThrow('enough')
  expect(seen).toEqual(['a'])
})

test('silence ends the stream, a comment is life', async () => {
  vi.useFakeTimers()
  let push: (text: string) => void = () => {}
  const body = new ReadableStream<Uint8Array>({
    start(out) {
      push = (text) => out.enqueue(encoder.encode(text))
    },
  })
  const next = readSse(body, { idleMs: 1_000 }).next()
  const failed = expect(next).rejects.toThrow('silent')
  await vi.advanceTimersByTimeAsync(900)
  push(': quiet\n\n')
  await vi.advanceTimersByTimeAsync(900)
  push(': quiet\n\n')
  await vi.advanceTimersByTimeAsync(1_100)
  await failed
  expect(vi.getTimerCount()).toBe(0)
})

test('a body that breaks throws what it broke with', async () => {
  const body = new ReadableStream<Uint8Array>({
    pull(out) {
      out.error(new TypeError('reset'))
    },
  })
  await expect(readSse(body).next()).rejects.toThrow('reset')
})
