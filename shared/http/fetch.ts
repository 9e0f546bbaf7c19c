/** What goes beside a request. */
export interface FetchInit {
  readonly signal?: AbortSignal
}

/**
 * How one service reaches another: the other's own `fetch` in one process, an HTTP client elsewhere. A signal beside the
 * request is cheaper than one inside, which the platform follows by weak references that every collection of garbage
 * has to visit.
 */
export type Fetch = (request: Request, init?: FetchInit) => Promise<Response>
