import { lookup } from 'node:dns/promises'
import { Agent, fetch } from 'undici'
import type { PushNet } from '../../shared/a2a/push/sender.ts'

/** Names by the system's resolver; each request over a connection of its own, to the address that was checked. */
export function createPushNet(): PushNet {
  return {
    async resolve(host, signal) {
      signal.throwIfAborted()
      const gone = new Promise<never>((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason), { once: true })
      })
      const found = await Promise.race([lookup(host, { all: true }), gone])
      return found.map(({ address }) => address)
    },
    async fetch(request, address) {
      const family = address.includes(':') ? 6 : 4
      const agent = new Agent({
        connect: {
          timeout: 5_000,
          // Asked once more by the socket, and answered with what was checked.
          lookup: (_host, _options, done) => done(null, [{ address, family }]),
        },
      })
      try {
        const { method, headers, signal } = request
        const response = await fetch(request.url, {
          method,
          headers: [...headers],
          body: await request.text(),
          redirect: 'manual',
          signal,
          dispatcher: agent,
        })
        return new Response(null, { status: response.status })
      } finally {
        await agent.destroy()
      }
    },
  }
}
