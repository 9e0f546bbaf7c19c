import { startServer } from '../../infrastructure/node/serve.ts'
import { createLog } from '../../shared/config/log.ts'
import type { Fetch } from '../../shared/http/fetch.ts'
import type { FakeModel } from './fake-model.ts'

/** Puts a fake model behind a real socket on loopback; `fetch` sends there whatever address it is asked for. */
export async function serveModel(fake: FakeModel): Promise<{ fetch: Fetch; stop(): Promise<void> }> {
  const log = createLog({ write: () => {}, level: 'silent', service: 'model', now: Date.now, secrets: [] })
  const server = await startServer({
    fetch: async (request) => fake.fetch(request),
    host: '127.0.0.1',
    port: 0,
    log,
    drain: async () => {},
  })
  return {
    async fetch(request) {
      const { pathname } = new URL(request.url)
      const body = request.method === 'POST' ? await request.text() : null
      return fetch(`${server.url}${pathname}`, {
        method: request.method,
        headers: { 'content-type': 'application/json' },
        body,
        signal: request.signal,
      })
    },
    stop: async () => server.stop(),
  }
}
