/** How one service reaches another: the other's own `fetch` in one process, an HTTP client elsewhere. */
export type Fetch = (request: Request) => Promise<Response>
