import { createPoolFetch } from '../../infrastructure/node/pool-fetch.ts'
import { createCard } from '../../shared/a2a/card.ts'
import { createPeer, type Peer } from '../../shared/a2a/client.ts'
import { createMemoryTaskStore } from '../../shared/a2a/memory-task-store.ts'
import { mountAgent } from '../../shared/a2a/server.ts'
import type { TaskStore } from '../../shared/a2a/task-store.ts'
import { createLog } from '../../shared/config/log.ts'
import type { AgentYield } from '../../shared/domain/event.ts'
import { createNewId } from '../../shared/domain/ids.ts'
import type { ServiceName } from '../../shared/domain/names.ts'
import type { CallContext } from '../../shared/domain/turn.ts'
import { createApp } from '../../shared/http/app.ts'
import type { Fetch } from '../../shared/http/fetch.ts'
import { createTokenSource, serviceAuth } from '../../shared/http/service-token.ts'
import { serveFetch } from '../harness/serve-fetch.ts'

const now = () => Date.now()
export const newId = createNewId(now)
const SECRET = 'the-secret-of-the-bench'
export const log = createLog({ write: () => {}, level: 'silent', service: 'bench', now, secrets: [] })

export type Run = (text: string, call: CallContext) => AsyncIterable<AgentYield>

/** An agent behind our whole server side: app, service token, A2A, task store (in memory where none is given). */
export function createAgent(service: ServiceName, run: Run, tasks?: TaskStore): Fetch {
  const app = createApp({ service, log, newId, now })
  mountAgent(app, {
    service,
    card: createCard({
      service,
      name: 'Bench',
      description: 'Answers at once.',
      version: '1',
      url: 'http://bench.internal',
      skills: [{ id: 'bench', name: 'Bench', description: 'Answers at once.', tags: ['bench'] }],
    }),
    authenticate: serviceAuth({ secret: SECRET, audience: service, now }),
    readInput: (message) => message.text,
    run,
    tasks: tasks ?? createMemoryTaskStore({ max: 100, now }),
    now,
    newId,
    log,
  })
  return async (request, init) => app.fetch(request, init)
}

/** Our client of an agent. */
export function peerOf(service: ServiceName, url: string, fetch: Fetch): Peer {
  const token = createTokenSource({ secret: SECRET, issuer: 'gateway', audience: service, now })
  return createPeer({ service, url, fetch, token, now, newId })
}

/** Puts an agent behind a socket of this process, as the Node host does, and gives a client with kept-alive links. */
export async function overSocket(
  service: ServiceName,
  handler: Fetch,
): Promise<{ peer: Peer; url: string; close(): Promise<void> }> {
  const server = await serveFetch(handler)
  const pool = createPoolFetch()
  return {
    peer: peerOf(service, server.url, pool.fetch),
    url: server.url,
    async close() {
      await pool.close()
      await server.stop()
    },
  }
}

const NEVER = new AbortController().signal
const TRACE = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`

/** What a call of the bench brings. */
export const context = (): CallContext => ({
  user: 'bench',
  messageId: newId('msg'),
  deadline: now() + 60_000,
  signal: NEVER,
  traceparent: TRACE,
})

/** Calls an agent and reads its stream to the end. */
export async function readAll(peer: Peer, text = 'hi'): Promise<void> {
  for await (const _ of peer.call({ text }, context()));
}

/** Ends with a result at once. */
export const atOnce: Run = async function* (text) {
  yield { kind: 'result', text, analysisIds: [] }
}

/** Streams as many pieces of text as the message says, each in a turn of its own of the event loop, as a model's come. */
export const asMany: Run = async function* (text) {
  const count = Number(text)
  for (let i = 0; i < count; i++) {
    await new Promise(setImmediate)
    yield { kind: 'text', delta: 'word ', offset: i * 5 }
  }
  yield { kind: 'result', text: 'word '.repeat(count), analysisIds: [] }
}

/** Streams so many pieces of text, then ends. */
export const pieces = (count: number): Run =>
  async function* () {
    for (let i = 0; i < count; i++) yield { kind: 'text', delta: 'word ', offset: i * 5 }
    yield { kind: 'result', text: 'word '.repeat(count), analysisIds: [] }
  }
