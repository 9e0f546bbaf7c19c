import { Hono } from 'hono'
import { sseResponse } from '../../shared/http/sse-writer.ts'
import { serveFetch } from '../harness/serve-fetch.ts'
import { atOnce, createAgent, overSocket } from './echo-agent.ts'
import { createRawServer, listenAnywhere } from './raw-hop.ts'

/** About as much as an agent that answers at once says. */
const FRAMES = `data: {"said":"${'word '.repeat(230)}"}\n\n`

async function* frames() {
  yield FRAMES
}

/** The other end of a hop, in a process of its own as a service is. */
const SERVERS: Readonly<Record<string, () => Promise<string>>> = {
  raw: () => listenAnywhere(createRawServer()),
  /** Hono on our host with a stream as its answer, and nothing of ours behind it. */
  async stack() {
    const app = new Hono().post('/', async (c) => {
      await c.req.json()
      return sseResponse(frames())
    })
    return (await serveFetch(async (request) => app.fetch(request))).url
  },
  agent: async () => (await overSocket('ds_analysts', createAgent('ds_analysts', atOnce))).url,
}

process.on('disconnect', () => process.exit())
const url = await SERVERS[process.argv[2] ?? '']?.()
process.send?.({ url })
