import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createFeed, type Feed } from '../../../../functions/gateway/runs/feed.ts'
import type { FeedItem } from '../../../../functions/gateway/runs/feed-item.ts'
import { systemTimers } from '../../../../functions/gateway/runs/timers.ts'
import type { StoredEvent, WireEvent } from '../../../../shared/storage/runs/rows.ts'

const at = new Date(0)

function toStored(seq: number, last: boolean): StoredEvent {
  const event: WireEvent = last
    ? { kind: 'result', text: '', analysis_ids: [] }
    : { kind: 'status', text: `event ${seq}` }
  return { seq, attempt: 1, at, service: 'architect', event }
}

const live = (offset: number, delta = 'x'): FeedItem => ({
  kind: 'live',
  live: { attempt: 1, at, service: 'architect', event: { kind: 'text', delta, offset } },
})

/** A database in memory with its feed; pages are as short as told. */
function createStoredFeed(queueLimit = 1_000, pageLimit = 1_000) {
  const rows: StoredEvent[] = []
  let reads = 0
  let reading = 0
  let mostReading = 0
  const drops: number[] = []
  const feed = createFeed({
    async read({ after, size }) {
      reads++
      mostReading = Math.max(mostReading, ++reading)
      const rest = rows.filter((row) => row.seq > after)
      const events = rest.slice(0, Math.min(size.events, pageLimit))
      await Promise.resolve()
      reading--
      return { events, hasMore: events.length < rest.length }
    },
    ended: async () => rows.at(-1)?.event.kind === 'result',
    timers: systemTimers,
    pollMs: 1,
    queueLimit,
    onDrop: (items) => drops.push(items),
  })
  return { rows, feed, drops, reads: () => reads, mostReading: () => mostReading }
}

async function seqsOf(feed: Feed, after: number, pauseEvery = 0): Promise<number[]> {
  const seqs: number[] = []
  for await (const items of feed.follow('run', after, new AbortController().signal)) {
    for (const item of items) if (item.kind === 'stored') seqs.push(item.stored.seq)
    if (pauseEvery > 0 && seqs.length % pauseEvery === 0) await new Promise((resolve) => setTimeout(resolve))
  }
  return seqs
}

const from = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, i) => first + i)

describe('follow', () => {
  test('every reader gets every event after its start once and in order, whenever it comes and however slow it is', async () => {
    const reader = fc.record({ joinsAt: fc.nat(40), after: fc.nat(10), slow: fc.nat(3) })
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 40 }),
        fc.array(reader, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 8 }),
        // How far storing runs ahead of publishing: a crash or a busy process lies between the two.
        fc.nat(3),
        fc.integer({ min: 1, max: 5 }),
        async (count, readers, queueLimit, lag, pageLimit) => {
          const { rows, feed } = createStoredFeed(queueLimit, pageLimit)
          const channel = feed.open('run', 0)
          const results: Promise<{ after: number; seqs: number[] }>[] = []
          const publish: (() => void)[] = []
          for (let seq = 1; seq <= count + lag; seq++) {
            for (const one of readers)
              if (Math.min(one.joinsAt, count) === seq)
                results.push(seqsOf(feed, one.after, one.slow).then((seqs) => ({ after: one.after, seqs })))
            if (seq <= count) {
              const stored = toStored(seq, seq === count)
              rows.push(stored)
              publish.push(() => channel.publish({ kind: 'stored', stored }))
            }
            if (seq > lag) publish.shift()?.()
            if (seq % 3 === 0) await new Promise((resolve) => setTimeout(resolve))
          }
          channel.close()
          for (const { after, seqs } of await Promise.all(results))
            expect(seqs).toEqual(from(after + 1, count))
        },
      ),
      { numRuns: 60 },
    )
  })

  test('what was stored comes in pages, for many readers one at a time', async () => {
    const { rows, feed, mostReading } = createStoredFeed(1_000, 3)
    rows.push(...from(1, 10).map((seq) => toStored(seq, seq === 10)))
    const all = await Promise.all(Array.from({ length: 20 }, () => seqsOf(feed, 0)))
    for (const seqs of all) expect(seqs).toEqual(from(1, 10))
    expect(mostReading()).toBe(1)
  })

  test('a reader that leaves while it waits for its turn reads nothing', async () => {
    const { rows, feed, reads } = createStoredFeed()
    rows.push(toStored(1, true))
    const gone = new AbortController()
    const staying = seqsOf(feed, 0)
    const leaving = feed.follow('run', 0, gone.signal).next()
    await Promise.resolve()
    gone.abort()
    expect(await leaving).toEqual({ done: true, value: undefined })
    expect(await staying).toEqual([1])
    expect(reads()).toBe(1)
  })

  test('a run that another process carries out is followed through the database', async () => {
    const { rows, feed } = createStoredFeed()
    const seqs = seqsOf(feed, 0)
    rows.push(toStored(1, false))
    await new Promise((resolve) => setTimeout(resolve, 5))
    rows.push(toStored(2, true))
    expect(await seqs).toEqual([1, 2])
  })

  test('an ended run ends its readers also when nothing is left to read', async () => {
    const { rows, feed } = createStoredFeed()
    rows.push(toStored(1, true))
    expect(await seqsOf(feed, 1)).toEqual([])
    expect(await seqsOf(feed, 99)).toEqual([])
  })

  test('a reader that is there from the beginning needs no look into the database', async () => {
    const { feed, reads } = createStoredFeed()
    const channel = feed.open('run', 0)
    const seqs = seqsOf(feed, 0)
    await Promise.resolve()
    channel.publish({ kind: 'stored', stored: toStored(1, true) })
    expect(await seqs).toEqual([1])
    expect(reads()).toBe(0)
  })

  test('what a slow reader loses from its queue is told', async () => {
    const { rows, feed, drops } = createStoredFeed(2)
    const channel = feed.open('run', 0)
    const follower = feed.follow('run', 0, new AbortController().signal)
    const first = follower.next()
    for (let seq = 1; seq <= 5; seq++) {
      rows.push(toStored(seq, seq === 5))
      channel.publish({ kind: 'stored', stored: toStored(seq, seq === 5) })
      await Promise.resolve()
    }
    const seqs: FeedItem[] = [...((await first).value ?? [])]
    for await (const items of follower) seqs.push(...items)
    expect(seqs.map((item) => item.kind === 'stored' && item.stored.seq)).toEqual([1, 2, 3, 4, 5])
    expect(drops).toEqual([3])
  })

  test('a newcomer gets the text that is said but not stored yet', async () => {
    const { rows, feed } = createStoredFeed()
    const channel = feed.open('run', 0)
    channel.publish(live(0, 'Last '))
    channel.publish(live(5, 'week'))
    const follower = feed.follow('run', 0, new AbortController().signal)
    const first = await follower.next()
    expect(first.value).toMatchObject([{ kind: 'live', live: { event: { offset: 0, delta: 'Last week' } } }])
    const text: StoredEvent = {
      ...toStored(1, false),
      event: { kind: 'text', delta: 'Last week', offset: 0 },
    }
    rows.push(text)
    channel.publish({ kind: 'stored', stored: text })
    channel.publish(live(9, ' used'))
    const late = feed.follow('run', 1, new AbortController().signal)
    expect((await late.next()).value).toMatchObject([{ live: { event: { offset: 9, delta: ' used' } } }])
    channel.close()
  })

  test('a reader that leaves ends, and the channel forgets it', async () => {
    const { feed } = createStoredFeed()
    feed.open('run', 0)
    const gone = new AbortController()
    const follower = feed.follow('run', 0, gone.signal)
    const next = follower.next()
    gone.abort()
    expect(await next).toEqual({ done: true, value: undefined })
  })

  test('letting go of a run ends its readers with a word', async () => {
    const { feed } = createStoredFeed()
    const channel = feed.open('run', 0)
    const follower = feed.follow('run', 0, new AbortController().signal)
    const next = follower.next()
    await Promise.resolve()
    channel.publish({ kind: 'interrupted' })
    expect((await next).value).toEqual([{ kind: 'interrupted' }])
    expect((await follower.next()).done).toBe(true)
  })

  test('a closing process does not keep readers of runs that others carry out', async () => {
    const { rows, feed } = createStoredFeed()
    rows.push(toStored(1, false))
    const follower = feed.follow('run', 0, new AbortController().signal)
    expect((await follower.next()).value).toMatchObject([{ kind: 'stored' }])
    const next = follower.next()
    feed.close()
    expect((await next).value).toEqual([{ kind: 'interrupted' }])
  })

  test('a closed channel is gone, a newer one of the same run stays', () => {
    const { feed } = createStoredFeed()
    const first = feed.open('run', 0)
    const second = feed.open('run', 0)
    first.close()
    expect(feed.channel('run')).toBe(second)
    second.close()
    expect(feed.channel('run')).toBeNull()
  })
})
