import type { Fetch } from '../../shared/http/fetch.ts'
import { serveFetch } from '../harness/serve-fetch.ts'
import type { FakeModel } from './fake-model.ts'

/** Puts a fake model behind a real socket on loopback; `fetch` sends there whatever address it is asked for. */
export async function serveModel(fake: FakeModel): Promise<{ fetch: Fetch; stop(): Promise<void> }> {
  const server = await serveFetch(async (request) => fake.fetch(request))
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
    stop: server.stop,
  }
}
