import type { LiveTask } from '../live-task.ts'
import type { TextDelta } from '../protocol.ts'
import { cutDelta, formatWord, type Word, type Words } from './words.ts'

/** Tells readers in other processes what a task says here, while there are some. */
export interface Relay {
  /** Somebody elsewhere reads and has got so much: gets what it lacks, then what comes. */
  watched(live: LiveTask, got: { readonly at: number; readonly have: number }): void
  say(delta: TextDelta): void
  /** The task has changed; what was said before goes first. */
  changed(): void
  stop(): void
}

/** A reader elsewhere says again that it is there much more often. */
const FORGET_MS = 30_000
/** Pieces of text of this time go together. */
const GATHER_MS = 50

/** The relay of one task. It costs nothing while nobody reads elsewhere. */
export function createRelay(input: {
  readonly id: string
  /** This process. */
  readonly from: string
  readonly words: Words
  readonly now: () => number
}): Relay {
  const { id, from, words, now } = input
  let until = 0
  let gathered: TextDelta | null = null
  let timer: ReturnType<typeof setTimeout> | undefined

  const send = (word: Word) => words.publish(formatWord(word))
  const sendDelta = (delta: TextDelta) => {
    for (const piece of cutDelta(delta)) send({ kind: 'delta', id, delta: piece })
  }
  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    if (gathered) sendDelta(gathered)
    gathered = null
  }

  return {
    watched(live, { at, have }) {
      flush()
      until = now() + FORGET_MS
      const said = live.feed.items.flatMap((item) =>
        item.kind === 'delta' && item.delta.kind === 'text' ? [item.delta] : [],
      )
      const missed = said
        .map(({ delta }) => delta)
        .join('')
        .slice(have)
      if (said[0] && missed !== '') sendDelta({ ...said[0], offset: have, delta: missed })
      // It changed between the reader's look and its word.
      if (live.generation > at) send({ kind: 'changed', id, from })
    },
    say(delta) {
      if (until < now()) return
      const follows =
        gathered !== null &&
        gathered.kind === delta.kind &&
        gathered.service === delta.service &&
        gathered.offset + gathered.delta.length === delta.offset
      if (gathered && follows) gathered = { ...gathered, delta: gathered.delta + delta.delta }
      else {
        flush()
        gathered = delta
      }
      timer ??= setTimeout(flush, GATHER_MS)
    },
    changed() {
      if (until < now()) return
      flush()
      send({ kind: 'changed', id, from })
    },
    stop() {
      clearTimeout(timer)
    },
  }
}
