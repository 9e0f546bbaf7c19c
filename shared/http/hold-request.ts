/**
 * A request that hears its signal for as long as the signal lives. Platforms tie a `Request` to its signal weakly, and
 * a `fetch` holds neither: a request that is collected while the exchange hangs would never be aborted. The listener
 * on the signal holds it.
 */
export function holdRequest(url: string | URL, init: RequestInit): Request {
  const { signal } = init
  if (!signal) return new Request(url, init)
  // The platform keeps the signal that it is given until the request is collected. One that leads to the request, as
  // the caller's does by its listener, would keep both for ever, so it is given one of its own.
  const own = new AbortController()
  const request = new Request(url, { ...init, signal: own.signal })
  const abort = () => {
    own.abort(signal.reason)
    return request
  }
  if (signal.aborted) abort()
  else signal.addEventListener('abort', abort, { once: true })
  return request
}
