import { startServer } from '../../infrastructure/node/serve.ts'
import { createLog } from '../../shared/config/log.ts'
import type { Fetch } from '../../shared/http/fetch.ts'

/** Puts a fetch handler of the test behind a socket, for those who can only be told an address. */
export async function serveFetch(fetch: Fetch): Promise<{ url: string; stop(): Promise<void> }> {
  const log = createLog({ write: () => {}, level: 'silent', service: 'test', now: Date.now, secrets: [] })
  return startServer({ fetch, host: '127.0.0.1', port: 0, log, drain: async () => {} })
}
