import { createServer, type Server } from 'node:http'
import { text } from 'node:stream/consumers'
import { Pool } from 'undici'

/** Answers JSON with itself: the least that the server of a hop does. */
export function createRawServer(): Server {
  return createServer(async (request, response) => {
    const body = JSON.parse(await text(request))
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
}

/** Listens on a free port of the loopback interface. */
export async function listenAnywhere(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
}

/** The least that the client of a hop does: JSON there and back over a kept-alive connection. */
export function openRawClient(url: string): { call(): Promise<unknown>; close(): Promise<void> } {
  const pool = new Pool(url)
  return {
    async call() {
      const { body } = await pool.request({
        path: '/',
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"text":"hi"}',
      })
      return body.json()
    },
    close: () => pool.close(),
  }
}
