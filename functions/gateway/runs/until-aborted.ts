/**
 * Passes on what an iterable yields until the signal aborts; then it throws the signal's reason at once, also when the
 * source never answers again, and tells the source to end without waiting for it.
 */
export async function* untilAborted<T>(source: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  const iterator = source[Symbol.asyncIterator]()
  let abort: (reason: unknown) => void = () => {}
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason)
  })
  // The promise may reject while nobody waits for it.
  aborted.catch(() => undefined)
  if (signal.aborted) abort(undefined)
  signal.addEventListener('abort', abort, { once: true })
  let ended = false
  try {
    for (;;) {
      const next = await Promise.race([iterator.next(), aborted])
      if (next.done) {
        ended = true
        return
      }
      yield next.value
    }
  } catch (thrown) {
    ended = !signal.aborted
    throw thrown
  } finally {
    signal.removeEventListener('abort', abort)
    // A source that hangs in an await settles its return only later, or never; its fault has no reader any more.
    if (!ended) iterator.return?.()?.then(undefined, () => undefined)
  }
}
