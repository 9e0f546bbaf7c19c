import { type Server, startServer } from '../../infrastructure/node/serve.ts'
import { createTckAgent } from './agent.ts'

/** Puts the kit's agent on a port of its own, whose address has to be known before its card is made. */
export async function serveAgent(agent: Omit<Parameters<typeof createTckAgent>[0], 'url'>): Promise<Server> {
  let fetch = async (_request: Request) => new Response(null, { status: 503 })
  const server = await startServer({
    fetch: (request) => fetch(request),
    host: '127.0.0.1',
    port: 0,
    log: agent.log,
    drain: async () => {},
  })
  const app = createTckAgent({ url: server.url, ...agent })
  fetch = async (request) => app.fetch(request)
  return server
}
