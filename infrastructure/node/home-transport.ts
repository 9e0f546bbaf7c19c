import { Agent, WebSocket } from 'undici'
import type { OpenWebSocket } from '../../shared/home/home_assistant/guarded-socket.ts'
import type { Fetch } from '../../shared/http/fetch.ts'
import { createPoolFetch, trust } from './pool-fetch.ts'

/** Beyond this a message is not even received: the socket is closed. The adapter's own, lower bound spares it. */
const MOST_BYTES = 64_000_000

/** The way to a Home Assistant from Node, over http or https; `authorities` (PEM) are trusted beside the usual ones. */
export function openTransport(authorities: string | null): {
  readonly openWebSocket: OpenWebSocket
  readonly fetch: Fetch
  close(): Promise<void>
} {
  const own = authorities === null ? undefined : authorities
  const sockets = new Agent({
    connect: { timeout: 10_000, ...trust(own) },
    webSocket: { maxPayloadSize: MOST_BYTES },
  })
  const pool = createPoolFetch({
    headersTimeoutMs: 15_000,
    ...(own === undefined ? {} : { authorities: own }),
  })
  return {
    openWebSocket: (url) => new WebSocket(url, { dispatcher: sockets }),
    fetch: pool.fetch,
    close: async () => {
      await Promise.all([pool.close(), sockets.destroy()])
    },
  }
}
