import { Hono } from 'hono'
import { createCard } from '../../shared/a2a/card.ts'
import { createPeer } from '../../shared/a2a/client.ts'
import { createMemoryTaskStore } from '../../shared/a2a/memory-task-store.ts'
import { mountAgent } from '../../shared/a2a/server.ts'
import { createLog } from '../../shared/config/log.ts'
import { createNewId } from '../../shared/domain/ids.ts'
import { createApp } from '../../shared/http/app.ts'
import { createTokenSource, serviceAuth } from '../../shared/http/service-token.ts'
import { compareToFloor, type Ratio } from './rounds.ts'

/** One hop between agents in one process (target P3), against a bare Hono JSON handler called the same way. */
export async function benchHop(): Promise<Ratio[]> {
  const now = () => Date.now()
  const newId = createNewId(now)
  const log = createLog({ write: () => {}, level: 'silent', service: 'bench', now, secrets: [] })
  const bare = new Hono().post('/', async (c) => c.json(await c.req.json()))
  const secret = newId('key')
  const app = createApp({ service: 'ds_analysts', log, newId, now })
  mountAgent(app, {
    service: 'ds_analysts',
    card: createCard({
      service: 'ds_analysts',
      name: 'Echo',
      description: 'Answers at once.',
      version: '1',
      url: 'http://echo.internal',
      skills: [{ id: 'echo', name: 'Echo', description: 'Answers at once.', tags: ['bench'] }],
    }),
    authenticate: serviceAuth({ secret, audience: 'ds_analysts', now }),
    readInput: (message) => message.text,
    async *run(text) {
      yield { kind: 'result', text, analysisIds: [] }
    },
    tasks: createMemoryTaskStore({ max: 100, now }),
    now,
    newId,
    log,
  })
  const token = createTokenSource({ secret, issuer: 'gateway', audience: 'ds_analysts', now })
  const peer = createPeer({
    service: 'ds_analysts',
    url: 'http://echo.internal',
    fetch: async (r) => app.fetch(r),
    token,
    now,
    newId,
  })
  const signal = new AbortController().signal
  const post = () =>
    new Request('http://bare.internal/', {
      method: 'POST',
      body: '{"text":"hi"}',
      headers: { 'content-type': 'application/json' },
    })
  return compareToFloor(
    { name: 'floor: Hono JSON in process', run: async () => (await bare.fetch(post())).json() },
    [
      {
        name: 'A2A hop in process, streamed',
        run: async () => {
          const context = {
            user: 'bench',
            messageId: newId('msg'),
            deadline: now() + 10_000,
            signal,
            traceparent: '',
          }
          for await (const _ of peer.call({ text: 'hi' }, context));
        },
      },
    ],
    { rounds: 9, calls: 300 },
  )
}
