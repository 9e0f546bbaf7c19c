import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'

/**
 * What stands before several gateways, as an ingress does: it asks each whether it is ready, sends requests first to
 * those that are, and a request that was refused before it began (no connection, 503) to the next.
 */
export interface Front {
  readonly url: string
  close(): Promise<void>
}

const LOOK_MS = 200

/** Puts one before these addresses. */
export async function startFront(backends: readonly string[]): Promise<Front> {
  const isReady = new Map(backends.map((url) => [url, true]))
  let turn = 0
  const look = async () => {
    for (const url of backends)
      isReady.set(url, (await fetch(`${url}/ready`).catch(() => null))?.status === 200)
  }
  const looking = setInterval(() => void look(), LOOK_MS)
  const server = createServer((incoming, outgoing) => {
    const order = backends.map((_, i) => backends[(turn + i) % backends.length] ?? '')
    turn++
    // The others come last: one may have got ready since the last look.
    const best = order.toSorted((a, b) => Number(isReady.get(b)) - Number(isReady.get(a)))
    const chunks: Buffer[] = []
    incoming.on('data', (chunk) => chunks.push(chunk))
    incoming.on('end', () => forward(incoming, outgoing, Buffer.concat(chunks), best))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    async close() {
      clearInterval(looking)
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

function forward(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  body: Buffer,
  [url, ...others]: readonly string[],
): void {
  if (url === undefined) {
    outgoing.writeHead(502).end()
    return
  }
  const next = () => forward(incoming, outgoing, body, others)
  const { method, headers } = incoming
  const sent = httpRequest(`${url}${incoming.url}`, { method: method ?? 'GET', headers }, (answer) => {
    if (answer.statusCode === 503 && others.length > 0) {
      answer.resume()
      next()
      return
    }
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
    answer.pipe(outgoing)
    answer.on('error', () => outgoing.destroy())
  })
  sent.on('error', () => {
    if (outgoing.headersSent) outgoing.destroy()
    else next()
  })
  outgoing.on('close', () => sent.destroy())
  sent.end(body)
}
