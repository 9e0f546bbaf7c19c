import { findSandbox } from '../../infrastructure/gvisor/find.ts'
import { createGvisorSandbox } from '../../infrastructure/gvisor/sandbox.ts'
import { openHome } from '../../infrastructure/node/bootstrap/home.ts'
import { createMonolith } from '../../infrastructure/node/monolith.ts'
import { createPoolFetch } from '../../infrastructure/node/pool-fetch.ts'
import type { Resources } from '../../infrastructure/node/resources.ts'
import { startServer } from '../../infrastructure/node/serve.ts'
import { createTaskStores } from '../../infrastructure/node/task-stores.ts'
import { createLog } from '../../shared/config/log.ts'
import { createSecret } from '../../shared/config/secret.ts'
import { createNewId } from '../../shared/domain/ids.ts'
import { createDemoHome } from '../../shared/home/demo/demo-home.ts'
import { createMetrics } from '../../shared/http/metrics.ts'
import { createLanguageModel } from '../../shared/llm/client.ts'
import { createOfflineModel, OFFLINE_MODEL } from '../../shared/llm/offline/model.ts'
import { NO_PRICES } from '../../shared/llm/prices.ts'
import { ensureFirstKey } from '../../shared/storage/api-keys/ensure-first-key.ts'
import { createNotifications } from '../../shared/storage/notifications.ts'
import { openTracing } from '../../shared/tracing/open-tracing.ts'
import { openDatabase } from './database.ts'
import {
  type Deployment,
  type DeploymentOptions,
  type LogLine,
  PRESENT,
  type Topology,
} from './deployment.ts'
import { freePorts } from './free-ports.ts'

/** All services in this process, behind a real socket, on a real Postgres and real gVisor. */
export const oneProcess: Topology = { name: 'one process', cannot: () => null, start }

async function start(options: DeploymentOptions): Promise<Deployment> {
  const database = await openDatabase()
  const now = () => Date.now()
  const newId = createNewId(now)
  const port = await freePorts(1)
  const key = `test-${newId('key')}`
  await ensureFirstKey(database.db, key)
  const demo = createDemoHome({ now: () => options.now ?? PRESENT })
  const assistant = options.assistant ? openAssistant(options.assistant(), now) : null
  const offline = createOfflineModel({ now, newId })
  const found =
    options.sandbox === false ? { reason: 'switched off by the test' } : await findSandbox(process.env)
  const gvisor = createGvisorSandbox({ found, now, newId: () => newId('call') })
  const lines: LogLine[] = []
  const log = createLog({
    write: (line) => {
      lines.push(JSON.parse(line))
      if (process.env.TEST_LOG) console.error(line)
    },
    level: 'info',
    service: 'test',
    now,
    secrets: [],
  })
  const metrics = createMetrics()
  const pool = createPoolFetch()
  const tracing = openTracing({
    mlflow:
      options.mlflow === undefined
        ? null
        : { uri: options.mlflow, experiment: 'aether', authorization: null },
    otlp: options.traces === undefined ? null : { endpoint: options.traces, headers: {} },
    fetch: pool.fetch,
    content: true,
    prices: NO_PRICES,
    secrets: [key],
    version: 'test',
    now,
  })
  const words = createNotifications(database.url, 'aether_a2a')
  const tasks = createTaskStores({ storage: { db: database.db, words }, now, newId, log })
  const resources: Resources = {
    settings: {
      mode: 'monolith',
      serviceSecret: createSecret(newId('key')),
      publicUrl: `http://127.0.0.1:${port}`,
      threshold: options.threshold ?? 0.7,
      maxAttempts: 3,
      turnMs: options.turnMs ?? 120_000,
      tokensPerDay: null,
      prices: NO_PRICES,
      keepMs: null,
      corsOrigins: [],
      metricsAccess: { open: true, token: null },
      push: null,
    },
    version: 'test',
    now,
    newId,
    log,
    metrics,
    clientOf: () => null,
    home: options.home ?? assistant?.source ?? demo,
    homeHealth: options.homeHealth ?? assistant?.health ?? null,
    onHomeChange: options.onHomeChange ?? (() => {}),
    llm: createLanguageModel({
      baseUrl: 'http://model.invalid/v1',
      apiKey: 'none',
      model: options.model ? 'test-model' : OFFLINE_MODEL,
      fetch: options.model ?? ((request) => offline.fetch(request)),
      firstByteMs: 10_000,
      idleMs: 10_000,
      now,
      offline: !options.model,
    }),
    tracing,
    lookAtModel: async () => ({ state: 'ok' }),
    db: database.db,
    tasks,
    signer: null,
    gvisor,
  }
  const service = createMonolith(resources)
  const server = await startServer({
    fetch: service.fetch,
    host: '127.0.0.1',
    port,
    log,
    drain: async (ms) => service.drain?.(ms),
  })
  service.start?.()
  return {
    url: server.url,
    key,
    demo,
    fetch: (path, init = {}) =>
      fetch(`${server.url}${path}`, {
        ...init,
        headers: { authorization: `Bearer ${key}`, ...init.headers },
      }),
    logs: () => lines,
    stop: async () => {
      await server.stop()
      await gvisor.close()
      await tracing.close(AbortSignal.timeout(2_000))
      await pool.close()
      await assistant?.close()
      await tasks.close()
      await words.close()
      await database.drop()
    },
  }
}

function openAssistant({ url, token }: { url: string; token: string }, now: () => number) {
  const assistant = { url, token: createSecret(token), caFile: null }
  const none = { expose: null, data: null, timeZone: 'UTC', currency: null, tariff: null, demoNow: null }
  return openHome({ ...none, assistant }, now)
}
