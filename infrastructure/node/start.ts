import { createLog, type Log } from '../../shared/config/log.ts'
import { createNewId } from '../../shared/domain/ids.ts'
import { AetherError } from '../../shared/errors/aether-error.ts'
import { toHttp } from '../../shared/errors/to-http.ts'
import { clientAddress } from '../../shared/http/client-address.ts'
import type { Fetch } from '../../shared/http/fetch.ts'
import { createMetrics } from '../../shared/http/metrics.ts'
import { ensureFirstKey } from '../../shared/storage/api-keys/ensure-first-key.ts'
import { type FoundSandbox, findSandbox, type NoSandbox } from '../gvisor/find.ts'
import { hostNotes } from '../gvisor/host.ts'
import { limitsFor, memoryOfProcess, poolSizeFor } from '../gvisor/pool-size.ts'
import { createGvisorSandbox } from '../gvisor/sandbox.ts'
import { openCardSigner } from './bootstrap/card-signer.ts'
import { openHome } from './bootstrap/home.ts'
import { openModel } from './bootstrap/model.ts'
import { createModelLook } from './bootstrap/model-look.ts'
import { openStorage, type Storage } from './bootstrap/storage.ts'
import { openTraces } from './bootstrap/tracing.ts'
import { type Closers, createClosers } from './closers.ts'
import { type Config, firstKey, type HostedService } from './config.ts'
import { createPoolFetch } from './pool-fetch.ts'
import { measureProcess } from './process-metrics.ts'
import type { Resources, Service } from './resources.ts'
import { secretsOf } from './secrets.ts'
import { startServer } from './serve.ts'
import { createTaskStores } from './task-stores.ts'
import { VERSION } from './version.ts'
import { wireProcess } from './wire-process.ts'

/** A process that answers. */
export interface Running {
  readonly url: string
  readonly resources: Resources
  /** Null in services that keep nothing. */
  readonly storage: Storage | null
  /** What was found to run scripts with; whether it works shows with the first one. */
  readonly sandbox: FoundSandbox | NoSandbox
  /** Drains and closes everything, in the opposite order of the start. Safe to repeat. */
  stop(): Promise<void>
}

/** Services that must have a database; the architect uses one that it is told of. */
const KEEPS: readonly HostedService[] = ['gateway', 'ds_orchestrator']

const keeps = ({ service, databaseUrl }: Config) =>
  service === null || KEEPS.includes(service) || (service === 'architect' && databaseUrl !== null)

/**
 * Starts what the configuration says and gives it back once it answers. The port is taken first, so that a second
 * start on it fails before it touches anything. Throws StartFault, with everything closed again.
 */
export async function startProcess(config: Config, write: (line: string) => void): Promise<Running> {
  const closers = createClosers()
  const now = () => Date.now()
  const logOf = (secrets: readonly string[]): Log =>
    createLog({
      write,
      level: config.logLevel,
      service: config.service ?? 'aether',
      now,
      secrets: [...secretsOf(config), ...secrets],
    })
  const early = logOf([])
  const addresses = new WeakMap<Request, string>()
  const clientOf = (request: Request) =>
    clientAddress(
      addresses.get(request) ?? null,
      request.headers.get('x-forwarded-for'),
      config.trustedProxies,
    )
  let service: Service | null = null
  const server = await startServer({
    host: config.host,
    port: config.port,
    log: early,
    onRequest: (request, address) => {
      if (address !== null) addresses.set(request, address)
    },
    fetch: (request) => (service ?? STARTING).fetch(request),
    drain: async (graceMs) => service?.drain?.(graceMs),
  })
  const stop = async () => {
    await server.stop()
    await closers.closeAll((name, error) => early.error(`${name} did not close`, { error }))
  }
  try {
    const opened = await open(config, { url: server.url, logOf, clientOf }, closers)
    service = wireProcess(config, opened.resources, closers)
    service.start?.()
    opened.warm()
    return { url: server.url, ...opened, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Everything that the services share. */
async function open(
  config: Config,
  host: {
    readonly url: string
    readonly logOf: (secrets: readonly string[]) => Log
    readonly clientOf: Resources['clientOf']
  },
  closers: Closers,
): Promise<Pick<Running, 'resources' | 'storage' | 'sandbox'> & { warm(): void }> {
  const { url, logOf, clientOf } = host
  const now = () => Date.now()
  const newId = createNewId(now)
  const alone = config.service
  // A home that cannot be read stops the start before a database is made for it.
  const opened = openHome(alone === 'sandbox_runner' ? NO_FILES : config.home, now)
  closers.add('home', opened.close)
  const storage = keeps(config)
    ? await openStorage(config, {
        exclusive: alone === null,
        name: `aether-${alone ?? 'all'}`,
        onRestart: (message, error) => logOf([]).warn(message, error === undefined ? {} : { error }),
      })
    : null
  if (storage) closers.add('storage', storage.close)
  if (storage && (alone === null || alone === 'gateway')) await ensureFirstKey(storage.db, firstKey(config))
  const found = runsScripts(config) ? await findSandbox(config.sandbox) : ELSEWHERE
  const memory = memoryOfProcess()
  const poolSize = poolSizeFor(config.sandboxPool, memory)
  const { parallel: maxParallel, mostMemoryMb } = limitsFor(poolSize, memory)
  const gvisor = createGvisorSandbox({
    found,
    now,
    newId: () => newId('call'),
    poolSize,
    maxParallel,
    mostMemoryMb,
  })
  if (!('reason' in found)) for (const note of hostNotes(process.pid)) logOf([]).warn(note)
  closers.add('sandbox', gvisor.close)
  const links = createPoolFetch()
  closers.add('model', links.close)
  // The pool costs half of the platform's fetch, but knows no proxies.
  const llm = await openModel({ ...config, fetch: config.envProxy ? fetch : links.fetch, now, newId })
  const metrics = createMetrics()
  const tracing = openTraces(config, storage?.secrets ?? [], now)
  closers.add('tracing', tracing.close)
  const endMeasuring = measureProcess(metrics, {
    version: VERSION,
    mode: config.mode,
    startedAt: now() - process.uptime() * 1_000,
    homeHealth: opened.health,
    pool: storage?.pool ?? null,
    traceTargets: tracing.tracing.targets,
  })
  closers.add('metrics', async () => endMeasuring())
  const log = logOf(storage?.secrets ?? [])
  const tasks = createTaskStores({ storage, now, newId, log })
  closers.add('tasks', tasks.close)
  const publicUrl = config.publicUrl ?? url
  const signer = await openCardSigner(config.cardKey, publicUrl)
  const resources: Resources = {
    settings: {
      mode: config.mode,
      serviceSecret: config.serviceSecret,
      publicUrl,
      threshold: config.threshold,
      maxAttempts: config.maxAttempts,
      turnMs: config.turnMs,
      tokensPerDay: config.tokensPerDay,
      prices: config.prices,
      keepMs: config.keepMs,
      corsOrigins: config.corsOrigins,
      metricsAccess: {
        open: alone === null && isLoopback(config.host) && config.publicUrl === null,
        token: config.metricsToken,
      },
      push: config.push,
    },
    version: VERSION,
    now,
    newId,
    log,
    clientOf,
    metrics,
    home: opened.source,
    homeHealth: opened.health,
    onHomeChange: opened.onRegistries,
    llm,
    tracing: tracing.tracing,
    lookAtModel: createModelLook(config.model, now),
    db: storage?.db ?? null,
    tasks,
    signer,
    gvisor,
  }
  return { resources, storage, sandbox: found, warm: gvisor.warm }
}

const NO_FILES: Config['home'] = {
  assistant: null,
  expose: null,
  data: null,
  timeZone: 'UTC',
  currency: null,
  tariff: null,
  demoNow: null,
}

/** The runner is in this process: alone, or with everything or beside the analysts that are told of no other. */
function runsScripts({ service, links }: Config): boolean {
  if (service === 'sandbox_runner') return true
  return (service === null || service === 'ds_analysts') && links.sandbox_runner === undefined
}

const ELSEWHERE: NoSandbox = { reason: 'Scripts do not run in this service.' }

/** Nobody but the programs of this machine comes in at such an address. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}

/** Answers while the rest is being opened: the process is up, and not ready. */
const STARTING: { fetch: Fetch } = {
  fetch: async (request) =>
    new URL(request.url).pathname.endsWith('/health')
      ? Response.json({ status: 'ok' })
      : toHttp(
          new AetherError('STORAGE_UNAVAILABLE', 'Aether is starting. Try again in a second.', {
            details: { retryAfterS: 1 },
          }),
          'req_starting',
        ),
}
