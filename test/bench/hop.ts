import { Hono } from 'hono'
import { createPoolFetch } from '../../infrastructure/node/pool-fetch.ts'
import type { Fetch } from '../../shared/http/fetch.ts'
import { readSse } from '../../shared/http/sse-reader.ts'
import { startChild } from './child.ts'
import { atOnce, createAgent, peerOf, readAll } from './echo-agent.ts'
import { openRawClient } from './raw-hop.ts'
import { compareSamples, type Ratio, type Sampled, sampleBatches, timed } from './rounds.ts'
import { hasSdkServer, startSdkServer } from './sdk-server.ts'

/**
 * What is compared is the middle call of a process that has run for a while. The compiler is through with a hop only
 * after some tens of thousands of calls, of which the first take twice as long; the floor is a tenth of the code.
 */
const TURNS = { rounds: 9, calls: 300, warmUp: 40_000 }

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
  return compareCalls([
    timed('floor: Hono JSON in process', async () => (await bare.fetch(post())).json()),
    timed('A2A hop in process, streamed', () => readAll(peer)),
  ])
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
    return await compareCalls([
      timed('floor: undici and node:http, JSON', client.call),
      timed('the stack alone', () => readStream(stack?.url ?? '', pool.fetch)),
      timed('A2A hop over HTTP, streamed', () => readAll(peer)),
      ...(sdk ? [timed('the same by the official SDK', () => sdk.say(0))] : []),
    ])
  } finally {
    await Promise.all([client.close(), pool.close()])
    for (const server of [raw, stack, agent, sdk]) await server?.stop()
  }
}

/** The first is the floor. */
async function compareCalls(ways: readonly Sampled[]): Promise<Ratio[]> {
  const times = await sampleBatches(ways, TURNS)
  const floor = times[0] ?? []
  return ways.map(({ name }, i) => compareSamples(name, times[i] ?? [], floor))
}

async function readStream(url: string, fetch: Fetch): Promise<void> {
  const { signal } = new AbortController()
  const headers = { 'content-type': 'application/json', accept: 'text/event-stream' }
  const { body } = await fetch(new Request(url, { method: 'POST', body: '{"text":"hi"}', headers }), {
    signal,
  })
  if (body) for await (const { data } of readSse(body, { signal })) JSON.parse(data)
}
