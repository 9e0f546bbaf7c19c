import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { SpanData } from '../../../shared/tracing/span.ts'
import { createSpanQueue, Refused } from '../../../shared/tracing/span-queue.ts'

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(() => {
  vi.useRealTimers()
})

const spanOf = (name: string, text = ''): SpanData => ({
  traceId: 'a'.repeat(32),
  spanId: 'b'.repeat(16),
  parentSpanId: null,
  name,
  kind: 'internal',
  startMs: 1,
  endMs: 2,
  service: 'gateway',
  attributes: text === '' ? {} : { text },
  fault: null,
})

/** A receiver that answers as told: takes, fails, refuses, or never answers. */
function receiver() {
  const got: string[][] = []
  const state = { answer: 'take' as 'take' | 'fail' | 'refuse' | 'hang', asked: 0, parallel: 0, most: 0 }
  const send = async (spans: readonly SpanData[], signal: AbortSignal) => {
    state.asked++
    state.most = Math.max(state.most, ++state.parallel)
    try {
      if (state.answer === 'hang')
        await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
      if (state.answer === 'fail') throw new Error('503')
      if (state.answer === 'refuse') throw new Refused('400')
      got.push(spans.map((span) => span.name))
    } finally {
      state.parallel--
    }
  }
  return { got, state, send }
}

test('spans go out together after a second, and what comes meanwhile later', async () => {
  const { got, send } = receiver()
  const queue = createSpanQueue({ send })
  queue.add(spanOf('a'))
  queue.add(spanOf('b'))
  await vi.advanceTimersByTimeAsync(999)
  expect(got).toEqual([])
  await vi.advanceTimersByTimeAsync(1)
  queue.add(spanOf('c'))
  await vi.advanceTimersByTimeAsync(1_000)
  expect(got).toEqual([['a', 'b'], ['c']])
  expect(queue.stats).toEqual({ queued: 0, sent: 3, dropped: 0, fault: null })
})

test('large amounts go in batches, one at a time', async () => {
  const { got, state, send } = receiver()
  const queue = createSpanQueue({ send })
  for (let i = 0; i < 1_000; i++) queue.add(spanOf(String(i)))
  await vi.advanceTimersByTimeAsync(1_000)
  expect(got.flat()).toEqual(Array.from({ length: 1_000 }, (_, i) => String(i)))
  expect(Math.max(...got.map((batch) => batch.length))).toBeLessThanOrEqual(256)
  expect(state.most).toBe(1)
})

test('what is too much is dropped and counted, by number and by size', () => {
  const { send } = receiver()
  const few = createSpanQueue({ send, maxSpans: 10 })
  for (let i = 0; i < 25; i++) few.add(spanOf('x'))
  expect(few.stats).toMatchObject({ queued: 10, dropped: 15 })
  const small = createSpanQueue({ send, maxChars: 10_000 })
  for (let i = 0; i < 25; i++) small.add(spanOf('x', 'y'.repeat(1_000)))
  expect(small.stats.queued).toBe(8)
  expect(small.stats.dropped).toBe(17)
})

test('a receiver that is down is asked again; a batch is given up after the third time, and the next ones live', async () => {
  const { got, state, send } = receiver()
  const queue = createSpanQueue({ send, retryMs: 2_000 })
  state.answer = 'fail'
  queue.add(spanOf('lost'))
  await vi.advanceTimersByTimeAsync(1_000)
  expect(queue.stats).toMatchObject({ queued: 1, dropped: 0, fault: '503' })
  await vi.advanceTimersByTimeAsync(4_000)
  expect(queue.stats).toMatchObject({ queued: 0, dropped: 1, fault: '503' })
  expect(state.asked).toBe(3)
  state.answer = 'take'
  queue.add(spanOf('kept'))
  await vi.advanceTimersByTimeAsync(1_000)
  expect(got).toEqual([['kept']])
  expect(queue.stats).toMatchObject({ sent: 1, fault: null })
})

test('a batch that comes back from a short outage is not lost', async () => {
  const { got, state, send } = receiver()
  const queue = createSpanQueue({ send, retryMs: 2_000 })
  state.answer = 'fail'
  queue.add(spanOf('a'))
  await vi.advanceTimersByTimeAsync(1_500)
  state.answer = 'take'
  await vi.advanceTimersByTimeAsync(2_000)
  expect(got).toEqual([['a']])
  expect(queue.stats).toMatchObject({ sent: 1, dropped: 0 })
})

test('what is refused is not sent again', async () => {
  const { state, send } = receiver()
  const queue = createSpanQueue({ send })
  state.answer = 'refuse'
  queue.add(spanOf('a'))
  await vi.advanceTimersByTimeAsync(10_000)
  expect(state.asked).toBe(1)
  expect(queue.stats).toMatchObject({ queued: 0, dropped: 1 })
})

test('a flood at a receiver that is down stays within its bound, and all that is lost is counted', async () => {
  const { state, send } = receiver()
  const queue = createSpanQueue({ send, maxSpans: 500 })
  state.answer = 'fail'
  for (let second = 0; second < 30; second++) {
    for (let i = 0; i < 1_000; i++) queue.add(spanOf('x', 'y'.repeat(1_000)))
    expect(queue.stats.queued).toBeLessThanOrEqual(500)
    await vi.advanceTimersByTimeAsync(1_000)
  }
  expect(queue.stats.dropped + queue.stats.queued).toBe(30_000)
})

test('a flush sends what is there, and waits no longer than it may', async () => {
  const { got, state, send } = receiver()
  const queue = createSpanQueue({ send })
  queue.add(spanOf('a'))
  await queue.flush(new AbortController().signal)
  expect(got).toEqual([['a']])
  state.answer = 'hang'
  queue.add(spanOf('b'))
  const over = new AbortController()
  const flushed = queue.flush(over.signal)
  over.abort()
  await flushed
  expect(queue.stats).toMatchObject({ queued: 1, dropped: 0 })
  await queue.close(over.signal)
  expect(queue.stats).toMatchObject({ queued: 0, dropped: 1 })
  expect(vi.getTimerCount()).toBe(0)
})
