import { afterEach, expect, test, vi } from 'vitest'
import { readSse } from '../../../shared/http/sse-reader.ts'
import { dataFrame, eventFrame, type StreamEnd, sseResponse } from '../../../shared/http/sse-writer.ts'

afterEach(() => {
  vi.useRealTimers()
})

function ends() {
  const list: [StreamEnd, unknown][] = []
  return { list, onEnd: (how: StreamEnd, error?: unknown) => void list.push([how, error]) }
}

/** A source that counts how often it was asked, and whether it was told to return. */
function source(frames: string[], end: 'close' | 'hang' = 'close') {
  const state = { asked: 0, returned: false }
  const iterable: AsyncIterable<string> = {
    [Symbol.asyncIterator]: () => ({
      next: async () => {
        const value = frames[state.asked++]
        if (value !== undefined) return { done: false, value }
        if (end === 'hang') return new Promise(() => {})
        return { done: true, value: undefined }
      },
      return: async () => {
        state.returned = true
        return { done: true, value: undefined }
      },
    }),
  }
  return { state, iterable }
}

test('frames go out as they are, with headers that no proxy buffers or changes', async () => {
  const { list, onEnd } = ends()
  const response = sseResponse(source([dataFrame('{"a":1}'), dataFrame('[DONE]')]).iterable, {
    onEnd,
    headers: { 'x-more': 'y' },
  })
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
  expect(response.headers.get('cache-control')).toBe('no-cache, no-transform')
  expect(response.headers.get('x-accel-buffering')).toBe('no')
  expect(response.headers.get('x-more')).toBe('y')
  expect(response.headers.get('connection')).toBeNull()
  expect(await response.text()).toBe('data: {"a":1}\n\ndata: [DONE]\n\n')
  expect(list).toEqual([['done', undefined]])
})

test('data of several lines is read back as it was', async () => {
  const frame = eventFrame({ id: 7, event: 'x', data: 'a\nb\r\nc' })
  const [event] = await Array.fromAsync(readSse(new Response(frame).body as ReadableStream<Uint8Array>))
  expect(event).toEqual({ id: '7', event: 'x', data: 'a\nb\nc' })
})

test('the source is asked only as far as the reader has come', async () => {
  const { state, iterable } = source(Array.from({ length: 100 }, (_, i) => dataFrame(String(i))))
  const reader = sseResponse(iterable).body?.getReader()
  await reader?.read()
  await reader?.read()
  await new Promise((resolve) => setTimeout(resolve, 5))
  expect(state.asked).toBeLessThanOrEqual(3)
  await reader?.cancel()
})

test('a reader who leaves ends the source at once', async () => {
  const { list, onEnd } = ends()
  const { state, iterable } = source([dataFrame('a')], 'hang')
  const reader = sseResponse(iterable, { onEnd }).body?.getReader()
  await reader?.read()
  await reader?.cancel()
  expect(state.returned).toBe(true)
  expect(list).toEqual([['left', undefined]])
})

test('a quiet source is bridged by comments', async () => {
  vi.useFakeTimers()
  const reader = sseResponse(source([], 'hang').iterable, {
    heartbeatMs: 10_000,
    stallMs: Infinity,
  }).body?.getReader()
  const first = reader?.read()
  await vi.advanceTimersByTimeAsync(10_000)
  expect(new TextDecoder().decode((await first)?.value)).toBe(': quiet\n\n')
  const second = reader?.read()
  await vi.advanceTimersByTimeAsync(10_000)
  expect(new TextDecoder().decode((await second)?.value)).toBe(': quiet\n\n')
  await reader?.cancel()
})

test('without being told otherwise, a sign of life comes within 10 s', async () => {
  vi.useFakeTimers()
  const reader = sseResponse(source([dataFrame('a')], 'hang').iterable).body?.getReader()
  await reader?.read()
  let comment = ''
  void reader?.read().then(({ value }) => {
    comment = new TextDecoder().decode(value)
  })
  await vi.advanceTimersByTimeAsync(9_900)
  expect(comment).toBe(': quiet\n\n')
  await reader?.cancel()
})

test('a frame that comes after a comment is not lost', async () => {
  vi.useFakeTimers()
  let give: (frame: string) => void = () => {}
  async function* late() {
    yield await new Promise<string>((resolve) => {
      give = resolve
    })
  }
  const reader = sseResponse(late(), { heartbeatMs: 1_000 }).body?.getReader()
  const comment = reader?.read()
  await vi.advanceTimersByTimeAsync(1_000)
  await comment
  const frame = reader?.read()
  give(dataFrame('late'))
  expect(new TextDecoder().decode((await frame)?.value)).toBe('data: late\n\n')
  expect((await reader?.read())?.done).toBe(true)
  expect(vi.getTimerCount()).toBe(0)
})

test('a reader who takes nothing is cut after the time to stall', async () => {
  vi.useFakeTimers()
  const { list, onEnd } = ends()
  const { state, iterable } = source(Array.from({ length: 10 }, () => dataFrame('a')))
  const reader = sseResponse(iterable, { onEnd, stallMs: 15_000 }).body?.getReader()
  await reader?.read()
  await vi.advanceTimersByTimeAsync(14_000)
  expect(list).toEqual([])
  await vi.advanceTimersByTimeAsync(2_000)
  expect(list).toEqual([['stalled', undefined]])
  expect(state.returned).toBe(true)
  await expect(reader?.read().then(() => reader.read())).rejects.toThrow('stalled')
})

test('a source that throws breaks the stream, and is told of once', async () => {
  const { list, onEnd } = ends()
  async function* broken() {
    yield dataFrame('a')
    throw new Error('broken')
  }
  const reader = sseResponse(broken(), { onEnd }).body?.getReader()
  await reader?.read()
  await expect(reader?.read()).rejects.toThrow('broken')
  expect(list).toEqual([['failed', new Error('broken')]])
})
