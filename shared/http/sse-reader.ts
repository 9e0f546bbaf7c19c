import { createWatchdog } from './watchdog.ts'

/** An event as the standard dispatches it; https://html.spec.whatwg.org/multipage/server-sent-events.html */
export interface SseEvent {
  readonly event: string | null
  readonly data: string
  readonly id: string | null
}

export interface SseReadOptions {
  /** One event may not be larger; the stream ends with an error. */
  readonly maxEventBytes?: number
  readonly signal?: AbortSignal
  /** No byte for so long ends the stream with an error; comments count as life. */
  readonly idleMs?: number
}

const MAX_EVENT_BYTES = 4 * 1_048_576

/** What is wrong with a stream that broke its reader's rules. */
export class SseError extends Error {
  override readonly name = 'SseError'
}

type Lines = (text: string) => SseEvent[]

/** Collects lines to events. A line may arrive in pieces, and CR LF cut in two. */
function createParser(maxUnits: number): Lines {
  let rest = ''
  let size = 0
  let afterCr = false
  let first = true
  let event: string | null = null
  let id: string | null = null
  let data: string[] = []

  const take = (line: string): SseEvent | null => {
    if (line === '') {
      const done = data.length > 0 ? { event, data: data.join('\n'), id } : null
      event = null
      data = []
      size = 0
      return done
    }
    const colon = line.indexOf(':')
    if (colon === 0) return null
    const name = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1)
    if (name === 'data') {
      data.push(value)
      size += value.length
    } else if (name === 'event') event = value
    else if (name === 'id' && !value.includes('\0')) id = value
    return null
  }

  return (text) => {
    const events: SseEvent[] = []
    if (first && text !== '') {
      first = false
      if (text.startsWith('\uFEFF')) text = text.slice(1)
    }
    if (afterCr && text.startsWith('\n')) text = text.slice(1)
    if (text !== '') afterCr = false
    let from = 0
    let cr = text.indexOf('\r')
    for (;;) {
      const lf = text.indexOf('\n', from)
      if (cr >= 0 && cr < from) cr = text.indexOf('\r', from)
      const at = lf < 0 ? cr : cr < 0 ? lf : Math.min(lf, cr)
      if (at < 0) break
      const done = take(rest + text.slice(from, at))
      rest = ''
      if (done) events.push(done)
      from = at + 1
      if (at === cr) {
        if (from === text.length) afterCr = true
        else if (text[from] === '\n') from++
      }
      if (size > maxUnits) throw new SseError('an event is larger than the limit')
    }
    rest += text.slice(from)
    if (rest.length + size > maxUnits) throw new SseError('an event is larger than the limit')
    return events
  }
}

/**
 * Reads server-sent events in whatever pieces they come. An event counts only with its blank line, so that a cut one
 * is never taken for a whole one. Throws SseError for an event over the limit and for silence, the signal's reason
 * when it aborts. Leaving the loop cancels the stream.
 */
export async function* readSse(
  body: ReadableStream<Uint8Array>,
  options: SseReadOptions = {},
): AsyncGenerator<SseEvent, void, undefined> {
  const { signal, idleMs } = options
  // Counted in UTF-16 units of the decoded text, which is what stays in memory.
  const parse = createParser(options.maxEventBytes ?? MAX_EVENT_BYTES)
  const decoder = new TextDecoder()
  const reader = body.getReader()
  const broken: { reason: unknown }[] = []
  const stop = (reason: unknown) => {
    broken.push({ reason })
    // The read that waits then ends; a source that fails while it is cancelled has nothing more to say.
    reader.cancel(reason).catch(() => undefined)
  }
  const throwIfBroken = () => {
    const [first] = broken
    if (first) throw first.reason
  }
  const silence = createWatchdog(idleMs ?? Infinity, () => stop(new SseError('the stream is silent')))
  const onAbort = () => stop(signal?.reason)
  if (signal?.aborted) onAbort()
  else signal?.addEventListener('abort', onAbort, { once: true })
  try {
    for (;;) {
      silence.watch()
      const chunk = await reader.read()
      silence.rest()
      throwIfBroken()
      if (chunk.done) return
      for (const event of parse(decoder.decode(chunk.value, { stream: true }))) {
        yield event
        throwIfBroken()
      }
    }
  } catch (error) {
    throwIfBroken()
    throw error
  } finally {
    silence.stop()
    signal?.removeEventListener('abort', onAbort)
    reader.cancel().catch(() => undefined)
  }
}
