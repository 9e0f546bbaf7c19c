import { createWatchdog } from './watchdog.ts'

const encoder = new TextEncoder()
/** Clients are promised a sign of life within 10 s, and timers come late under load. */
const HEARTBEAT_MS = 9_000
const QUIET = encoder.encode(': quiet\n\n')

/** How a stream ended: read to its end, left by its reader, cut because nobody read, or broken by its source. */
export type StreamEnd = 'done' | 'left' | 'stalled' | 'failed'

export interface SseOptions {
  /** A comment goes out after so long without a frame. */
  readonly heartbeatMs?: number
  /** A reader that takes nothing for so long is cut; Infinity never cuts. */
  readonly stallMs?: number
  /** Called once, whatever the end; `failed` brings what the source threw. */
  onEnd?(how: StreamEnd, error?: unknown): void
  /** Added to the headers that every stream has. */
  readonly headers?: Readonly<Record<string, string>>
}

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
} as const

/** One event that holds one line of data, such as JSON text. */
export function dataFrame(data: string): string {
  return `data: ${data}\n\n`
}

const LINE_BREAK = /\r\n|\n|\r/

/** One event with id and type; data of several lines takes several `data:` lines. */
export function eventFrame(frame: {
  readonly id?: string | number
  readonly event?: string
  readonly data: string
}): string {
  let text = ''
  if (frame.id !== undefined) text += `id: ${frame.id}\n`
  if (frame.event !== undefined) text += `event: ${frame.event}\n`
  if (!LINE_BREAK.test(frame.data)) return `${text}data: ${frame.data}\n\n`
  for (const line of frame.data.split(LINE_BREAK)) text += `data: ${line}\n`
  return `${text}\n`
}

/**
 * Streams frames (whole SSE events as text) in pull mode: the source is asked for the next one only when the reader
 * has taken the one before, so that nothing piles up. Leaving and stalling end the source by its `return()`. A source
 * that throws breaks the connection: it has to say what went wrong in a frame of its own before that.
 */
export function sseResponse(frames: AsyncIterable<string>, options: SseOptions = {}): Response {
  return new Response(sseBody(frames, options), { headers: { ...HEADERS, ...options.headers } })
}

function sseBody(frames: AsyncIterable<string>, options: SseOptions): ReadableStream<Uint8Array> {
  const { heartbeatMs = HEARTBEAT_MS, stallMs = 15_000 } = options
  const source = frames[Symbol.asyncIterator]()
  let pending: Promise<IteratorResult<string>> | undefined
  let beat: (() => void) | undefined
  let ended = false

  const quiet = createWatchdog(heartbeatMs, () => beat?.())

  /** What comes next, or null when it takes longer than a heartbeat. */
  const nextWithin = async (): Promise<IteratorResult<string> | null> => {
    pending ??= source.next()
    const waiting = pending
    quiet.watch()
    const result = await new Promise<IteratorResult<string> | null>((resolve, reject) => {
      beat = () => resolve(null)
      waiting.then(resolve, reject)
    })
    quiet.rest()
    return result
  }

  const end = (how: StreamEnd, error?: unknown) => {
    if (ended) return
    ended = true
    quiet.stop()
    stall.stop()
    options.onEnd?.(how, error)
    // Not awaited: it waits for a pending next(). What it throws has no reader any more.
    if (how === 'left' || how === 'stalled') source.return?.()?.then(undefined, () => undefined)
  }

  let cut = () => {}
  const stall = createWatchdog(stallMs, () => {
    cut()
    end('stalled')
  })

  return new ReadableStream<Uint8Array>(
    {
      start(out) {
        cut = () => out.error(new DOMException('The reader has stalled.', 'TimeoutError'))
      },
      async pull(out) {
        stall.rest()
        try {
          const result = await nextWithin()
          if (ended) return
          if (result === null) out.enqueue(QUIET)
          else {
            pending = undefined
            if (result.done) {
              out.close()
              return end('done')
            }
            out.enqueue(encoder.encode(result.value))
          }
        } catch (error) {
          if (ended) return
          out.error(error)
          return end('failed', error)
        }
        stall.watch()
      },
      cancel() {
        end('left')
      },
    },
    { highWaterMark: 1 },
  )
}
