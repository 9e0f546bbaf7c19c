import pLimit from 'p-limit'
import type { EventPage, PageSize } from '../../../shared/storage/runs/read-events.ts'
import type { StoredEvent } from '../../../shared/storage/runs/rows.ts'
import { type Channel, createChannel, type Subscription } from './channel.ts'
import { type FeedItem, isLast } from './feed-item.ts'
import { pause, type Timers } from './timers.ts'

export interface FeedDeps {
  readonly read: (input: { runId: string; after: number; size: PageSize }) => Promise<EventPage>
  /** True when the run has ended or is gone: nothing follows what is stored. */
  readonly ended: (runId: string) => Promise<boolean>
  readonly timers: Timers
  /** How often a run that another process executes is looked at. */
  readonly pollMs: number
  /** Items that a slow reader may have waiting. */
  readonly queueLimit: number
  /** Items that a reader has lost because it fell behind. */
  readonly onDrop: (items: number) => void
}

/** The event streams of runs: stored events replay, then live ones follow. */
export interface Feed {
  /** Opens the live end of a run that this process executes; `after` is the last seq that is stored already. */
  open(runId: string, after: number): Channel
  /** The channel of a run that is executed here, or null. */
  channel(runId: string): Channel | null
  /**
   * Everything after seq `after` to the run's last event, each stored event exactly once and in order; live deltas
   * in between carry an offset. What is there together comes together. Ends after the last event, after
   * `interrupted`, or when the signal aborts.
   */
  follow(runId: string, after: number, signal: AbortSignal): AsyncGenerator<readonly FeedItem[]>
  /** From now on nobody waits here for runs that others carry out: their readers get `interrupted`. */
  close(): void
}

/** A reader who does not read holds a page of it: enough for most runs, little for many readers. */
const PAGE: PageSize = { events: 64, bytes: 16_384 }
/** Pages are read one at a time: a rush leaves connections and processor to others, and waits outside its deadlines. */
const READS = 1
const NOTHING: EventPage = { events: [], hasMore: false }

/** Feeds of one process; runs of other processes are followed through the database. */
export function createFeed(deps: FeedDeps): Feed {
  const channels = new Map<string, Channel>()
  const closing = new AbortController()
  const inTurn = pLimit(READS)

  async function* follow(
    runId: string,
    after: number,
    signal: AbortSignal,
  ): AsyncGenerator<readonly FeedItem[]> {
    let last = after
    const over = AbortSignal.any([signal, closing.signal])
    while (!signal.aborted) {
      const entry = channels.get(runId)?.attach() ?? null
      try {
        // Asked before the replay: what is stored by then is everything.
        const ended = entry === null && (await deps.ended(runId))
        // A reader that has everything published so far needs no look into the database.
        if (entry === null || entry.snapshot.publishedSeq > last) {
          for await (const page of replay(runId, last, signal)) {
            last = page.at(-1)?.seq ?? last
            yield page.map(toItem)
            if (page.some(isLast)) return
          }
        }
        if (ended) return
        if (entry === null && closing.signal.aborted) {
          yield [{ kind: 'interrupted' }]
          return
        }
        if (entry === null) await pause(deps.timers, deps.pollMs, over)
        else {
          if (entry.snapshot.tail !== null) yield [entry.snapshot.tail]
          for await (const item of live(entry.subscription, last, signal)) {
            if (item.kind === 'stored') last = item.stored.seq
            yield [item]
            if (item.kind === 'interrupted' || (item.kind === 'stored' && isLast(item.stored))) return
          }
        }
      } finally {
        entry?.subscription.detach()
      }
    }
  }

  async function* replay(
    runId: string,
    after: number,
    signal: AbortSignal,
  ): AsyncGenerator<readonly StoredEvent[]> {
    let last = after
    for (let hasMore = true; hasMore; ) {
      // Whoever has left while waiting for a turn gives it up.
      const page = await inTurn(() =>
        signal.aborted ? NOTHING : deps.read({ runId, after: last, size: PAGE }),
      )
      hasMore = page.hasMore
      last = page.events.at(-1)?.seq ?? last
      if (page.events.length > 0) yield page.events
    }
  }

  return {
    open(runId, after) {
      const channel = createChannel({
        publishedSeq: after,
        limit: deps.queueLimit,
        onDrop: deps.onDrop,
        onClose: () => {
          if (channels.get(runId) === channel) channels.delete(runId)
        },
      })
      channels.set(runId, channel)
      return channel
    },
    channel: (runId) => channels.get(runId) ?? null,
    follow,
    close: () => closing.abort(),
  }
}

const toItem = (stored: StoredEvent): FeedItem => ({ kind: 'stored', stored })

/** Queue items that come next after `after`; ends at a gap, so that the reader fills it from the database. */
async function* live(
  subscription: Subscription,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<FeedItem> {
  let last = after
  for (;;) {
    const item = await subscription.next(signal)
    if (item === null) return
    if (item.kind === 'stored') {
      if (item.stored.seq <= last) continue
      if (item.stored.seq > last + 1) return
      last = item.stored.seq
    }
    yield item
  }
}
