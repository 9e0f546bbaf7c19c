import type { Log } from '../../config/log.ts'
import { endsStream, type Feed, tailFeed, wake } from '../memory-tail.ts'
import type { TextDelta } from '../protocol.ts'
import type { TailItem, TaskRef } from '../task-store.ts'
import { formatWord, type Word, type Words } from './words.ts'

/** Stored changes after a generation; null where the task is gone. `over`: nothing comes after them. */
export type ReadChanges = (
  ref: TaskRef,
  after: number,
) => Promise<{ readonly items: readonly TailItem[]; readonly over: boolean } | null>

/** Readers of tasks that other processes run. */
export interface RemoteFeeds {
  /**
   * What happens after a generation: `start` from there, `now` without the pieces of text that are known by now, which
   * are given beside it. All readers of a task share one look into the tables.
   */
  tail(ref: TaskRef, after: number, from: 'start' | 'now', signal: AbortSignal): RemoteTail
  hear(word: Word): void
  close(): void
}

export interface RemoteTail {
  readonly text: readonly TailItem[]
  readonly items: AsyncIterable<readonly TailItem[]>
}

interface Remote {
  readonly ref: TaskRef
  readonly feed: Feed
  /** The generation that it begins after, and the last that it has. */
  readonly from: number
  at: number
  /** Length of the text that it has. */
  text: number
  readers: number
  readonly stop: AbortController
  ring(): void
}

/** Feeds that are filled from the tables: at once when a word says so, else each `pollMs`. */
export function createRemoteFeeds(deps: {
  readonly read: ReadChanges
  readonly words: Words | null
  readonly pollMs: number
  readonly log: Log
}): RemoteFeeds {
  const remotes = new Map<string, Set<Remote>>()

  const forget = (remote: Remote) => {
    const all = remotes.get(remote.ref.id)
    all?.delete(remote)
    if (all?.size === 0) remotes.delete(remote.ref.id)
  }

  const watch = ({ ref, at, text }: Remote) =>
    deps.words?.publish(formatWord({ kind: 'watch', id: ref.id, at, have: text }))

  /** One look into the tables. True: the stream is over. */
  const look = async (remote: Remote): Promise<boolean> => {
    const found = await deps.read(remote.ref, remote.at)
    if (!found) return true
    for (const item of found.items) {
      remote.feed.items.push(item)
      if (item.kind === 'change') remote.at = item.generation
    }
    if (found.items.length > 0) wake(remote.feed)
    return found.over || found.items.some(endsStream)
  }

  const fill = async (remote: Remote) => {
    const { signal } = remote.stop
    while (!signal.aborted) {
      const rung = new Promise<void>((resolve) => {
        remote.ring = resolve
      })
      try {
        if (await look(remote)) break
      } catch (error) {
        // The tables are away for a while; the readers wait, and are told by heartbeats that we are there.
        deps.log.warn('a task cannot be read', { task_id: remote.ref.id, error })
      }
      watch(remote)
      const timer = setTimeout(remote.ring, deps.pollMs)
      await rung
      clearTimeout(timer)
    }
    forget(remote)
    remote.feed.over = true
    wake(remote.feed)
  }

  const open = (ref: TaskRef, after: number): Remote => {
    const known = [...(remotes.get(ref.id) ?? [])].find((one) => one.from <= after)
    if (known) return known
    const remote: Remote = {
      ref,
      feed: { items: [], wakers: new Set() },
      from: after,
      at: after,
      text: 0,
      readers: 0,
      stop: new AbortController(),
      ring: () => {},
    }
    const all = remotes.get(ref.id) ?? new Set()
    remotes.set(ref.id, all.add(remote))
    return remote
  }

  const leave = (remote: Remote) => {
    if (--remote.readers > 0) return
    remote.stop.abort()
    remote.ring()
  }

  /** Where in a feed a reader begins. */
  const startOf = ({ feed }: Remote, after: number, from: 'start' | 'now'): number => {
    const known = feed.items.findLastIndex((item) => item.kind === 'change' && item.generation <= after)
    if (from === 'start') return known + 1
    const later = feed.items.findIndex((item) => item.kind === 'change' && item.generation > after)
    return later < 0 ? feed.items.length : later
  }

  async function* read(remote: Remote, start: number, after: number, signal: AbortSignal) {
    for await (const batch of tailFeed(remote.feed, start, signal))
      yield batch.filter((item) => item.kind === 'delta' || item.generation > after)
  }

  const takeText = (remote: Remote, delta: TextDelta) => {
    const known = remote.text - delta.offset
    // A gap is left to the next look, whose word says what is missing; what is known is passed over.
    if (known < 0 || known >= delta.delta.length) return
    const fresh = { ...delta, offset: remote.text, delta: delta.delta.slice(known) }
    remote.text += fresh.delta.length
    remote.feed.items.push({ kind: 'delta', delta: fresh })
    wake(remote.feed)
  }

  return {
    tail(ref, after, from, signal) {
      const remote = open(ref, after)
      const start = startOf(remote, after, from)
      const text = remote.feed.items.slice(0, start)
      if (remote.readers++ === 0) void fill(remote)
      let here = true
      const out = () => {
        if (here) leave(remote)
        here = false
      }
      // A reader may go without ever having asked.
      signal.addEventListener('abort', out, { once: true })
      const items = async function* () {
        try {
          yield* read(remote, start, after, signal)
        } finally {
          signal.removeEventListener('abort', out)
          out()
        }
      }
      return { text, items: items() }
    },
    hear(word) {
      for (const remote of remotes.get(word.id) ?? []) {
        if (word.kind === 'changed') remote.ring()
        if (word.kind !== 'delta') continue
        if (word.delta.kind === 'text') takeText(remote, word.delta)
        else {
          remote.feed.items.push({ kind: 'delta', delta: word.delta })
          wake(remote.feed)
        }
      }
    },
    close() {
      for (const all of remotes.values())
        for (const remote of all) {
          remote.stop.abort()
          remote.ring()
        }
    },
  }
}
