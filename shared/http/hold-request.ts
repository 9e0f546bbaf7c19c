/**
 * A request that hears its signal for as long as the signal lives. Platforms tie a `Request` to its signal weakly, and
 * a `fetch` holds neither: a request that is collected while the exchange hangs would never be aborted. The listener
 * on the signal holds it.
 */
export function holdRequest(url: string | URL, init: RequestInit): Request {
  const request = new Request(url, init)
  init.signal?.addEventListener('abort', () => request.signal, { once: true })
  return request
}
