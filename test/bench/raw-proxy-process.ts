import { createServer } from 'node:http'
import { Pool } from 'undici'

/** The least that stands between a client and a model: bytes through `node:http` and an undici pool. */
const pool = new Pool(process.argv[2] ?? '')
process.on('disconnect', () => process.exit())

const server = createServer((request, response) => {
  pool
    .stream(
      {
        path: request.url ?? '/',
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: request,
        opaque: response,
      },
      ({ statusCode, headers }) => response.writeHead(statusCode, headers),
    )
    .catch(() => response.destroy())
})
server.keepAliveTimeout = 65_000
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (typeof address === 'object' && address) process.send?.({ url: `http://127.0.0.1:${address.port}` })
})
