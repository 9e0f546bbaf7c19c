import { aborted } from '../http/wait.ts'
import type { SpanData } from './span.ts'

/** How the queue has done since it was made. */
export interface QueueStats {
  readonly queued: number
  readonly sent: number
  /** Lost because the queue was full, the receiver refused them, or did not answer often enough. */
  readonly dropped: number
  /** Why the last batch was not taken; null after one that was. */
  readonly fault: string | null
}

/** Takes spans off the path of a request and sends them in batches. */
export interface SpanQueue {
  add(span: SpanData): void
  /** Sends what is there and waits for it, at most until the signal aborts. For the end of a request. */
  flush(signal: AbortSignal): Promise<void>
  /** The same for the end of a process: what could not be sent is given up. */
  close(signal: AbortSignal): Promise<void>
  readonly stats: QueueStats
}

export interface QueueOptions {
  /** Sends one batch. A throw of `Refused` is final, any other is tried again. */
  send(spans: readonly SpanData[], signal: AbortSignal): Promise<void>
  /** Spans that wait at most; further ones are dropped and counted. */
  readonly maxSpans?: number
  /** The same in characters, counted roughly. */
  readonly maxChars?: number
  readonly everyMs?: number
  readonly sendMs?: number
  readonly retryMs?: number
}

/** The receiver says that it will never take this batch. */
export class Refused extends Error {
  override readonly name = 'Refused'
}

const MAX_SPANS = 4_096
const MAX_CHARS = 16_000_000
const BATCH_SPANS = 256
const BATCH_CHARS = 2_000_000
const EVERY_MS = 1_000
const SEND_MS = 15_000
const RETRY_MS = 2_000
/** A batch that was not taken so often is dropped: traces are there to look at now. */
const TRIES = 3

interface Waiting {
  readonly span: SpanData
  readonly chars: number
}

/**
 * A queue with one request under way at a time, bounded in spans and size, so that a receiver that is down, slow or
 * flooded costs a bounded amount of memory and never an answer.
 */
export function createSpanQueue(options: QueueOptions): SpanQueue {
  const { maxSpans = MAX_SPANS, maxChars = MAX_CHARS, everyMs = EVERY_MS } = options
  const { sendMs = SEND_MS, retryMs = RETRY_MS } = options
  let waiting: Waiting[] = []
  let chars = 0
  let sent = 0
  let dropped = 0
  let fault: string | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let sending: Promise<void> | null = null
  let tries = 0

  const takeBatch = (): Waiting[] => {
    let end = 0
    for (let size = 0; end < waiting.length && end < BATCH_SPANS; end++) {
      size += waiting[end]?.chars ?? 0
      if (end > 0 && size > BATCH_CHARS) break
    }
    return waiting.slice(0, end)
  }

  const letGo = (batch: readonly Waiting[]) => {
    waiting = waiting.slice(batch.length)
    for (const each of batch) chars -= each.chars
    tries = 0
  }

  /** Sends one batch. False: the receiver does not take any now. */
  const sendOne = async (signal: AbortSignal): Promise<boolean> => {
    const batch = takeBatch()
    try {
      await options.send(
        batch.map((each) => each.span),
        AbortSignal.any([signal, AbortSignal.timeout(sendMs)]),
      )
      sent += batch.length
      fault = null
      letGo(batch)
      return true
    } catch (thrown) {
      fault = thrown instanceof Error ? thrown.message : String(thrown)
      tries++
      if (thrown instanceof Refused || tries >= TRIES) {
        dropped += batch.length
        letGo(batch)
      }
      return thrown instanceof Refused
    }
  }

  const sendAll = async (signal: AbortSignal): Promise<void> => {
    while (waiting.length > 0 && !signal.aborted) if (!(await sendOne(signal))) return
  }

  const work = (signal: AbortSignal): Promise<void> => {
    sending ??= sendAll(signal).finally(() => {
      sending = null
      if (waiting.length > 0) plan(retryMs)
    })
    return sending
  }

  const plan = (ms: number) => {
    timer ??= setTimeout(() => {
      timer = undefined
      void work(NEVER)
    }, ms)
  }
  const NEVER = new AbortController().signal

  const flush = async (signal: AbortSignal): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    // What is under way may have begun before the last spans came.
    await Promise.race([aborted(signal), work(signal).then(() => work(signal))])
    clearTimeout(timer)
    timer = undefined
  }

  return {
    add(span) {
      const size = sizeOf(span)
      if (waiting.length >= maxSpans || chars + size > maxChars) {
        dropped++
        return
      }
      waiting.push({ span, chars: size })
      chars += size
      plan(everyMs)
    },
    flush,
    async close(signal) {
      await flush(signal)
      dropped += waiting.length
      waiting = []
      chars = 0
    },
    get stats() {
      return { queued: waiting.length, sent, dropped, fault }
    },
  }
}

/** Roughly what a span weighs, in characters. */
function sizeOf(span: SpanData): number {
  let size = 200
  for (const [name, value] of Object.entries(span.attributes))
    size += name.length + (typeof value === 'string' ? value.length : 16)
  return size
}
