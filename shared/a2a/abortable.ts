/**
 * The same items, but an abort ends the wait for the next one at once with the signal's reason, even where the source
 * does not look at the signal. The source is then told to return, and is not waited for.
 */
export async function* abortable<T>(
  source: AsyncIterable<T>,
  signal: AbortSignal,
): AsyncGenerator<T, void, undefined> {
  const items = source[Symbol.asyncIterator]()
  let onAbort: (() => void) | undefined
  const abort = () => onAbort?.()
  signal.addEventListener('abort', abort, { once: true })
  let open = true
  try {
    for (;;) {
      signal.throwIfAborted()
      // One listener for all waits: a race with one long-lived promise would keep every item alive.
      const result = await new Promise<IteratorResult<T>>((resolve, reject) => {
        onAbort = () => reject(signal.reason)
        items.next().then(resolve, reject)
      })
      if (result.done) {
        open = false
        return
      }
      yield result.value
    }
  } finally {
    onAbort = undefined
    signal.removeEventListener('abort', abort)
    // Its clean-up may take its time; what it throws after it was given up has nobody to hear it.
    if (open) items.return?.(undefined)?.then(undefined, () => undefined)
  }
}
