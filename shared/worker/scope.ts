import { aborted } from '../http/wait.ts'
import type { WorkerContext } from './bindings.ts'

/** The life of one request on a worker: what was opened for it is closed when its answer and its work have ended. */
export interface Scope {
  /** Keeps what is open, and the worker alive, until this work has ended. It reports its own faults. */
  waitUntil(work: Promise<unknown>): void
  /** Waits until no work is left, at most so many milliseconds. */
  idle(ms: number): Promise<void>
  /** Called when the answer has been read, or left; before anything is closed. */
  onAnswered(after: () => Promise<unknown>): void
  /** Closed last, in the opposite order. */
  onClose(close: () => Promise<unknown>): void
}

/**
 * Serves a request within a scope. No object that does input or output may outlive its request on this platform, so
 * each request opens its own. An event stream counts as answered when it has been read to its end or cancelled.
 */
export async function withScope(
  request: Request,
  context: WorkerContext,
  serve: (scope: Scope) => Promise<Response>,
  onFault: (error: unknown) => void,
): Promise<Response> {
  const { scope, end } = createScope(onFault)
  const answered = Promise.withResolvers<void>()
  context.waitUntil(answered.promise.then(end))
  try {
    const response = await serve(scope)
    if (response.body === null || !isStream(response)) {
      answered.resolve()
      return response
    }
    return new Response(watched(response.body, request.signal, answered.resolve), response)
  } catch (error) {
    answered.resolve()
    throw error
  }
}

/** Does work that no request waits for within a scope, such as that of a timer. */
export async function withinScope(
  work: (scope: Scope) => Promise<unknown>,
  onFault: (error: unknown) => void,
): Promise<void> {
  const { scope, end } = createScope(onFault)
  try {
    await work(scope)
  } finally {
    await end()
  }
}

function createScope(onFault: (error: unknown) => void): { scope: Scope; end(): Promise<void> } {
  const working = new Set<Promise<unknown>>()
  const afters: (() => Promise<unknown>)[] = []
  const closers: (() => Promise<unknown>)[] = []
  const scope: Scope = {
    waitUntil(work) {
      working.add(work)
      const done = () => working.delete(work)
      work.then(done, done)
    },
    async idle(ms) {
      const over = AbortSignal.timeout(ms)
      const late = aborted(over)
      while (working.size > 0 && !over.aborted) await Promise.race([late, Promise.allSettled(working)])
    },
    onAnswered: (after) => void afters.push(after),
    onClose: (close) => void closers.push(close),
  }
  return {
    scope,
    async end() {
      for (const after of afters) await after().catch(onFault)
      while (working.size > 0) await Promise.allSettled(working)
      for (const close of closers.toReversed()) await close().catch(onFault)
    },
  }
}

const isStream = (response: Response) =>
  response.headers.get('content-type')?.startsWith('text/event-stream') === true

/**
 * The same bytes; tells when the last one has been taken, or when nobody wants the rest. That the caller has gone shows in
 * the request's signal alone on this platform: it does not cancel the stream.
 */
function watched(
  body: ReadableStream<Uint8Array>,
  gone: AbortSignal,
  onEnd: () => void,
): ReadableStream<Uint8Array> {
  const reader = body.getReader()
  const leave = async (reason: unknown) => {
    try {
      await reader.cancel(reason)
    } finally {
      onEnd()
    }
  }
  gone.addEventListener('abort', () => void leave(gone.reason).catch(() => {}), { once: true })
  return new ReadableStream<Uint8Array>(
    {
      async pull(out) {
        try {
          const { done, value } = await reader.read()
          if (!done) return out.enqueue(value)
          out.close()
        } catch (error) {
          out.error(error)
        }
        onEnd()
      },
      cancel: leave,
    },
    { highWaterMark: 0 },
  )
}
