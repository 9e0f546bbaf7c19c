import type { TextDelta } from './protocol.ts'
import { isEnd, isWaiting } from './protocol.ts'
import type { TailItem } from './task-store.ts'

/** Largest piece of text that is put together for a late reader. */
const MAX_DELTA = 32_768
/** Most items that are handed on at once. */
const MAX_BATCH = 64

/** What the readers of one task share: its items in order, and who waits for the next. */
export interface Feed {
  items: TailItem[]
  readonly wakers: Set<() => void>
  /** Nothing comes any more, whatever the last item says. */
  over?: boolean
}

/** Tells all readers that there is something new. */
export function wake(feed: Feed): void {
  for (const waker of feed.wakers) waker()
}

function follows(
  first: TextDelta,
  length: number,
  next: TailItem | undefined,
): next is { kind: 'delta'; delta: TextDelta } {
  return (
    next?.kind === 'delta' &&
    next.delta.kind === first.kind &&
    next.delta.service === first.service &&
    next.delta.offset === first.offset + length
  )
}

/** True for a change after which a stream is over: the task has ended, or waits for its caller. */
export function endsStream(item: TailItem): boolean {
  if (item.kind !== 'change' || item.change.$case !== 'statusUpdate') return false
  const state = item.change.value.status?.state
  return isEnd(state) || isWaiting(state)
}

/** Takes the items from an index on, as many as are there; pieces of text that follow one another come as one. */
function takeBatch(items: readonly TailItem[], from: number): { batch: TailItem[]; at: number } {
  const batch: TailItem[] = []
  let at = from
  for (let item = items[at]; item !== undefined && batch.length < MAX_BATCH; item = items[at]) {
    at++
    if (item.kind === 'change') {
      batch.push(item)
      continue
    }
    let text = item.delta.delta
    for (
      let next = items[at];
      text.length < MAX_DELTA && follows(item.delta, text.length, next);
      next = items[at]
    ) {
      text += next.delta.delta
      at++
    }
    batch.push({ kind: 'delta', delta: { ...item.delta, delta: text } })
  }
  return { batch, at }
}

/**
 * Reads a feed from an index, each time all that is there. Every reader has its own place in the shared items, so one
 * that is slow costs nothing and holds up nobody; pieces of text that it is behind with come as one.
 */
export function tailFeed(feed: Feed, from: number, signal: AbortSignal): AsyncIterable<readonly TailItem[]> {
  // The feed drops its deltas at the end; this reader holds the items as they are now until it is through.
  return tail(feed, feed.items, from, signal)
}

async function* tail(
  feed: Feed,
  items: readonly TailItem[],
  from: number,
  signal: AbortSignal,
): AsyncGenerator<readonly TailItem[], void, undefined> {
  let at = from
  let waker: (() => void) | undefined
  const ring = () => waker?.()
  feed.wakers.add(ring)
  signal.addEventListener('abort', ring, { once: true })
  try {
    while (!signal.aborted) {
      const taken = takeBatch(items, at)
      at = taken.at
      yield taken.batch
      const last = taken.batch.at(-1)
      if (last && endsStream(last)) return
      if (at === items.length && feed.over) return
      while (at === items.length && !signal.aborted && !feed.over)
        await new Promise<void>((resolve) => {
          waker = resolve
        })
    }
  } finally {
    feed.wakers.delete(ring)
    signal.removeEventListener('abort', ring)
  }
}
