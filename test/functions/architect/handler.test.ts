import { expect, test } from 'vitest'
import { createArchitect } from '../../../functions/architect/handler.ts'
import { createPeer } from '../../../shared/a2a/client.ts'
import { createMemoryTaskStore } from '../../../shared/a2a/memory-task-store.ts'
import { createLog } from '../../../shared/config/log.ts'
import { createSecret } from '../../../shared/config/secret.ts'
import { toWire } from '../../../shared/domain/wire.ts'
import { createMetrics } from '../../../shared/http/metrics.ts'
import { createTokenSource, serviceAuth } from '../../../shared/http/service-token.ts'
import { NO_TRACER } from '../../../shared/tracing/tracer.ts'
import { createScriptedPeer } from '../../fakes/scripted-peer.ts'
import {
  callOf,
  createTestCatalogue,
  createTestHome,
  newIds,
  offlineModel,
  play,
  teamAnswer,
  turnOf,
} from './support.ts'

const SECRET = 'a-secret-that-is-long-enough-for-hs256'
const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

function service(ready = true) {
  const now = Date.now
  const newId = newIds()
  const app = createArchitect({
    now,
    newId,
    home: createTestHome(),
    catalogue: createTestCatalogue(),
    llm: offlineModel(),
    dsOrchestrator: createScriptedPeer('ds_orchestrator', [
      teamAnswer('84.20 kWh, says the offline model of the demo home.'),
    ]),
    log: createLog({ write: () => {}, level: 'error', service: 'architect', now, secrets: [] }),
    tasks: createMemoryTaskStore({ max: 10, now }),
    authenticate: serviceAuth({ secret: SECRET, audience: 'architect', now }),
    publicUrl: 'http://architect.test',
    version: '1.2.3',
    ready: async () => ready,
    tracer: NO_TRACER,
    steps: null,
    metrics: createMetrics(),
    metricsAccess: { open: false, token: createSecret('scrape-me') },
  })
  const peer = createPeer({
    service: 'architect',
    url: 'http://architect.test/',
    fetch: async (request) => app.fetch(request),
    token: createTokenSource({ secret: SECRET, issuer: 'orchestrator', audience: 'architect', now }),
    now,
    newId,
  })
  return { app, peer }
}

test('health, readiness and card are free', async () => {
  const { app } = service()
  expect(await (await app.request('/health')).json()).toEqual({
    status: 'ok',
    service: 'architect',
    version: '1.2.3',
  })
  expect((await app.request('/ready')).status).toBe(200)
  expect((await service(false).app.request('/ready')).status).toBe(503)
  expect(await (await app.request('/.well-known/agent-card.json')).json()).toMatchObject({
    name: 'Aether Architect',
  })
})

test('the agent itself takes service tokens only', async () => {
  const { app } = service()
  expect((await app.request('/', { method: 'POST', body: '{}' })).status).toBe(401)
})

test('over the wire a turn is answered as in process', async () => {
  const turn = turnOf(['How much did I use last week?'])
  const message = {
    text: 'How much did I use last week?',
    data: { schema: 'aether.turn/v1', data: toWire(turn) },
  }
  const { events, text, result } = await play(
    service().peer.call(message, { ...callOf(), traceparent: TRACE }),
  )
  expect(text).toBe('84.20 kWh, says the offline model of the demo home.')
  expect(result?.analysisIds).toEqual(['ana_1'])
  expect(events.find((item) => item.kind === 'delegation')).toMatchObject({
    from: 'architect',
    origin: 'architect',
  })
  expect(events.find((item) => item.kind === 'finding')).toMatchObject({ origin: 'ds_analysts' })
  expect(events.find((item) => item.kind === 'output')).toMatchObject({ schema: 'aether.analysis/v1' })
})
