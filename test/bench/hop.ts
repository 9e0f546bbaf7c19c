import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { Hono } from 'hono'
import { Pool } from 'undici'
import { atOnce, createAgent, overSocket, peerOf, readAll } from './echo-agent.ts'
import { compareToFloor, type Ratio } from './rounds.ts'
import { startSdkPeer } from './sdk-peer.ts'

/** Until then most of a hop's time is the compiler's: the floor is a tenth of the code, and is through with it sooner. */
const WARM_UP = 3_000

/** One hop between agents in one process (target P3), against a bare Hono JSON handler called the same way. */
export async function benchHop(): Promise<Ratio[]> {
  const bare = new Hono().post('/', async (c) => c.json(await c.req.json()))
  const peer = peerOf('ds_analysts', 'http://bench.internal', createAgent('ds_analysts', atOnce))
  const post = () =>
    new Request('http://bare.internal/', {
      method: 'POST',
      body: '{"text":"hi"}',
      headers: { 'content-type': 'application/json' },
    })
  return compareToFloor(
    { name: 'floor: Hono JSON in process', run: async () => (await bare.fetch(post())).json() },
    [{ name: 'A2A hop in process, streamed', run: () => readAll(peer) }],
    { rounds: 9, calls: 300, warmUp: WARM_UP },
  )
}

/**
 * One hop over a socket of this process (target P3): raw undici and node:http with JSON as the floor, ours with token,
 * task and stream, and the official SDK's client and server without a token.
 */
export async function benchHttpHop(): Promise<Ratio[]> {
  const raw = await startRaw()
  const ours = await overSocket('ds_analysts', createAgent('ds_analysts', atOnce))
  const sdk = await startSdkPeer()
  try {
    return await compareToFloor(
      { name: 'floor: undici and node:http, JSON', run: raw.call },
      [
        { name: 'A2A hop over HTTP, streamed', run: () => readAll(ours.peer) },
        { name: 'the same by the official SDK', run: sdk.call },
      ],
      { rounds: 9, calls: 200, warmUp: WARM_UP },
    )
  } finally {
    await Promise.all([raw.close(), ours.close(), sdk.close()])
  }
}

/** What a hop over a socket costs at the least. */
export async function startRaw(): Promise<{ call(): Promise<unknown>; close(): Promise<void> }> {
  const server = createServer(async (request, response) => {
    const body = JSON.parse(await text(request))
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const pool = new Pool(`http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`)
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
    async close() {
      await pool.close()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
