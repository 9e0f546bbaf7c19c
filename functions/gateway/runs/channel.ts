import type { FeedItem } from './feed-item.ts'

/** One reader of a channel: a bounded queue. `overflowed` means that it has to read on from the database. */
export interface Subscription {
  /** The next item; null when the channel is closed, or the queue ran over and was dropped. */
  next(signal: AbortSignal): Promise<FeedItem | null>
  readonly closed: boolean
  detach(): void
}

/** What has been said when a reader comes in: the last seq that was published, and the text that is not stored yet. */
export interface Snapshot {
  readonly publishedSeq: number
  readonly tail: FeedItem | null
}

/** The live end of one run in the process that executes it. */
export interface Channel {
  publish(item: FeedItem): void
  attach(): { subscription: Subscription; snapshot: Snapshot }
  close(): void
}

/**
 * A channel that never waits for a reader: each has a queue of at most `limit` items, and one that falls behind loses
 * its queue and catches up from the database. It keeps the text that is published but not yet stored for newcomers.
 */
export function createChannel(options: {
  publishedSeq: number
  limit: number
  onClose: () => void
  /** Items that a reader has lost because it fell behind. */
  onDrop: (items: number) => void
}): Channel {
  const readers = new Set<Reader>()
  let publishedSeq = options.publishedSeq
  let pending: Extract<FeedItem, { kind: 'live' }>[] = []
  let closed = false
  return {
    publish(item) {
      if (item.kind === 'stored') {
        // A cancel may come in between: its event is published before one that was stored earlier.
        publishedSeq = Math.max(publishedSeq, item.stored.seq)
        if (item.stored.event.kind === 'text') {
          const end = item.stored.event.offset + item.stored.event.delta.length
          pending = pending.filter((p) => p.live.event.kind === 'text' && p.live.event.offset >= end)
        }
      } else if (item.kind === 'live' && item.live.event.kind === 'text') pending.push(item)
      for (const reader of readers) reader.put(item)
    },
    attach() {
      const reader = createReader(options, () => readers.delete(reader))
      if (closed) reader.close()
      else readers.add(reader)
      return { subscription: reader, snapshot: { publishedSeq, tail: joined(pending) } }
    },
    close() {
      if (closed) return
      closed = true
      for (const reader of [...readers]) reader.close()
      readers.clear()
      options.onClose()
    },
  }
}

interface Reader extends Subscription {
  put(item: FeedItem): void
  close(): void
}

function createReader(
  { limit, onDrop }: { limit: number; onDrop: (items: number) => void },
  onDetach: () => void,
): Reader {
  let queue: FeedItem[] = []
  let overflowed = false
  let closed = false
  let wake: (() => void) | null = null
  const ring = () => {
    wake?.()
    wake = null
  }
  return {
    get closed() {
      return closed
    },
    put(item) {
      if (overflowed) return
      if (queue.length >= limit) {
        onDrop(queue.length + 1)
        queue = []
        overflowed = true
      } else queue.push(item)
      ring()
    },
    close() {
      closed = true
      ring()
    },
    detach: onDetach,
    async next(signal) {
      for (;;) {
        const item = queue.shift()
        if (item !== undefined) return item
        if (overflowed || closed || signal.aborted) return null
        await new Promise<void>((resolve) => {
          wake = resolve
          signal.addEventListener('abort', ring, { once: true })
        })
        signal.removeEventListener('abort', ring)
      }
    },
  }
}

function joined(pending: readonly Extract<FeedItem, { kind: 'live' }>[]): FeedItem | null {
  const [first] = pending
  if (first?.live.event.kind !== 'text') return null
  const delta = pending.map((p) => (p.live.event.kind === 'text' ? p.live.event.delta : '')).join('')
  return { kind: 'live', live: { ...first.live, event: { ...first.live.event, delta } } }
}
