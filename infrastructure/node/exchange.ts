import type { Dispatcher } from 'undici'

/** The one of the server's adaptor, which takes its place, makes a second one as soon as the body is asked for. */
const PlatformResponse = globalThis.Response
/** Answers to these have no body, and a Response refuses one. */
const BODILESS = new Set([101, 204, 205, 304])
/** Bytes that may wait for the reader before the connection is told to pause. */
const HIGH_WATER = 65_536

/**
 * One exchange on a connection, as a Response: from the parser's callbacks straight into a stream, without the layers
 * of a Node stream in between. An abort of the signal, or a cancelled body, closes it; a reader who is slow pauses
 * the connection. Rejects with the signal's reason, or with what the connection says.
 */
export function exchange(
  signal: AbortSignal,
  start: (handler: Dispatcher.DispatchHandler) => unknown,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    let link: Dispatcher.DispatchController | undefined
    let out: ReadableStreamDefaultController<Uint8Array> | undefined
    const onAbort = () => {
      link?.abort(signal.reason)
      reject(signal.reason)
    }
    const settle = () => signal.removeEventListener('abort', onAbort)
    signal.addEventListener('abort', onAbort, { once: true })

    const bodyOf = (controller: Dispatcher.DispatchController) =>
      new ReadableStream<Uint8Array>(
        {
          start(stream) {
            out = stream
          },
          pull() {
            if (controller.paused) controller.resume()
          },
          cancel(reason) {
            out = undefined
            controller.abort(
              reason instanceof Error ? reason : new Error('the answer is not read any further'),
            )
          },
        },
        { highWaterMark: HIGH_WATER, size: (chunk) => chunk?.byteLength ?? 0 },
      )

    start({
      onRequestStart(controller) {
        link = controller
        if (signal.aborted) onAbort()
      },
      onResponseStart(controller, status, fields) {
        if (status < 200) return
        const headers: [string, string][] = []
        for (const name in fields) {
          const value = fields[name]
          if (Array.isArray(value)) for (const one of value) headers.push([name, one])
          else headers.push([name, value ?? ''])
        }
        resolve(new PlatformResponse(BODILESS.has(status) ? null : bodyOf(controller), { status, headers }))
      },
      onResponseData(controller, chunk) {
        if (!out) return
        out.enqueue(chunk)
        if ((out.desiredSize ?? 0) <= 0) controller.pause()
      },
      onResponseEnd() {
        settle()
        out?.close()
      },
      onResponseError(_controller, error) {
        settle()
        const reason: unknown = signal.aborted ? signal.reason : error
        out?.error(reason)
        reject(reason)
      },
    })
  })
}
