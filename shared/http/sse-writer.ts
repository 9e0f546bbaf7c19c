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

/** One event with id and type; data of several lines takes several `data:` lines. */
export function eventFrame(frame: {
  readonly id?: string | number
  readonly event?: string
  readonly data: string
}): string {
  let text = ''
  if (frame.id !== undefined) text += `id: ${frame.id}\n`
  if (frame.event !== undefined) text += `event: ${frame.event}\n`
  for (const line of frame.data.split(/\r\n|\n|\r/)) text += `data: ${line}\n`
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
  let stall: ReturnType<typeof setTimeout> | undefined
  let ended = false

  const end = (how: StreamEnd, error?: unknown) => {
    if (ended) return
    ended = true
    clearTimeout(stall)
    options.onEnd?.(how, error)
    // Not awaited: it waits for a pending next(). What it throws has no reader any more.
    if (how === 'left' || how === 'stalled') source.return?.()?.then(undefined, () => undefined)
  }

  const body = new ReadableStream<Uint8Array>(
    {
      async pull(out) {
        clearTimeout(stall)
        pending ??= source.next()
        try {
          const result = await settledWithin(pending, heartbeatMs)
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
        if (stallMs !== Infinity)
          stall = setTimeout(() => {
            if (ended) return
            out.error(new DOMException('The reader has stalled.', 'TimeoutError'))
            end('stalled')
          }, stallMs)
      },
      cancel() {
        end('left')
      },
    },
    { highWaterMark: 1 },
  )
  return body
}

/** The result, or null when it takes longer than `ms`. */
function settledWithin<T>(promise: Promise<T>, ms: number): Promise<T | null> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms, null)
    promise.then(
      (value) => {
        clearTimeout(timer)
        resolve(value)
      },
      (error) => {
        clearTimeout(timer)
        reject(error)
      },
    )
  })
}
