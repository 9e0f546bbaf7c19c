import { Hono } from 'hono'
import { createPoolFetch } from '../../infrastructure/node/pool-fetch.ts'
import type { Fetch } from '../../shared/http/fetch.ts'
import { readSse } from '../../shared/http/sse-reader.ts'
import { startChild } from './child.ts'
import { atOnce, createAgent, peerOf, readAll } from './echo-agent.ts'
import { openRawClient } from './raw-hop.ts'
import { compareToFloor, type Ratio } from './rounds.ts'
import { hasSdkServer, startSdkServer } from './sdk-server.ts'

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
 * One hop over a socket to a server in a process of its own (target P3): raw undici and node:http with JSON as the
 * floor; what the stack costs alone (a fetch over the pool, Hono on our host, one event stream); ours with token, task
 * and stream; and the official SDK's client and server, on Express and without a token.
 */
export async function benchHttpHop(): Promise<Ratio[]> {
  const [raw, stack, agent] = await Promise.all(
    ['raw', 'stack', 'agent'].map((kind) => startChild('hop-process.ts', [kind])),
  )
  const sdk = hasSdkServer() ? await startSdkServer() : null
  const client = openRawClient(raw?.url ?? '')
  const pool = createPoolFetch()
  const peer = peerOf('ds_analysts', agent?.url ?? '', pool.fetch)
  try {
    return await compareToFloor(
      { name: 'floor: undici and node:http, JSON', run: client.call },
      [
        { name: 'the stack alone', run: () => readStream(stack?.url ?? '', pool.fetch) },
        { name: 'A2A hop over HTTP, streamed', run: () => readAll(peer) },
        ...(sdk ? [{ name: 'the same by the official SDK', run: () => sdk.say(0) }] : []),
      ],
      { rounds: 9, calls: 300, warmUp: WARM_UP },
    )
  } finally {
    await Promise.all([client.close(), pool.close()])
    for (const server of [raw, stack, agent, sdk]) await server?.stop()
  }
}

async function readStream(url: string, fetch: Fetch): Promise<void> {
  const { signal } = new AbortController()
  const headers = { 'content-type': 'application/json', accept: 'text/event-stream' }
  const { body } = await fetch(new Request(url, { method: 'POST', body: '{"text":"hi"}', headers }), {
    signal,
  })
  if (body) for await (const { data } of readSse(body, { signal })) JSON.parse(data)
}
