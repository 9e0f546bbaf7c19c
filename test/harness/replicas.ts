import { randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from '../../infrastructure/node/postgres/server-process.ts'
import type { Fetch } from '../../shared/http/fetch.ts'
import { openDatabase } from './database.ts'
import { type Deployment, PRESENT } from './deployment.ts'
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts'
import { freePorts } from './free-ports.ts'
import { layOut } from './installation.ts'
import { type Program, startProgram, USERS_CACHE } from './program.ts'
import { serveFetch } from './serve-fetch.ts'

/** In the order of a question's way. */
const SERVICES = ['gateway', 'architect', 'ds_orchestrator', 'ds_analysts', 'sandbox_runner'] as const
export type Replicated = (typeof SERVICES)[number]
const START_MS = 60_000

export interface ReplicaOptions {
  /** How often each service runs. */
  readonly count: number
  /** A language model instead of the built-in one. */
  readonly model?: Fetch
  /** A database that is kept elsewhere; a new one by default. */
  readonly databaseUrl?: string
  /** With a sandbox for scripts, of which there is always one; without by default. */
  readonly sandbox?: boolean
  /** Further variables of every service. */
  readonly env?: Readonly<Record<string, string>>
}

/** Every service as often as told, each a process of its own, behind a plain balancer for each service. */
export interface Replicas extends Pick<Deployment, 'fetch' | 'url' | 'key'> {
  readonly services: readonly Replicated[]
  readonly databaseUrl: string
  /** Addresses of the processes themselves, by service. */
  readonly direct: Readonly<Record<Replicated, readonly string[]>>
  /** What stands before a service. */
  link(service: Replicated): FaultProxy
  /** The process of a service. */
  program(service: Replicated, replica: number): Program
  /** `kill -9`, and waits until it is gone. */
  kill(service: Replicated, replica: number): Promise<void>
  /** Starts one anew that has ended, on its old port, and waits until it is ready. */
  restart(service: Replicated, replica: number): Promise<void>
  stop(): Promise<void>
}

/** Starts them on one database and waits until all are ready. */
export async function startReplicas(options: ReplicaOptions): Promise<Replicas> {
  const { count, model, sandbox = false } = options
  const services = SERVICES.filter((service) => sandbox || service !== 'sandbox_runner')
  const root = mkdtempSync(join(tmpdir(), 'aether-'))
  chmodSync(root, 0o755)
  const database = options.databaseUrl === undefined ? await openDatabase() : null
  const databaseUrl = options.databaseUrl ?? database?.url ?? ''
  const provider = model ? await serveFetch(model) : null
  await layOut(root)
  const first = await freePorts(SERVICES.length * count)
  const each = (service: Replicated) =>
    Array.from({ length: service === 'sandbox_runner' ? 1 : count }, (_, replica) => replica)
  const portOf = (service: Replicated, replica: number) => first + SERVICES.indexOf(service) * count + replica
  const links = new Map<Replicated, FaultProxy>()
  for (const service of services)
    links.set(service, await startFaultProxy(each(service).map((replica) => portOf(service, replica))))
  const at = (service: Replicated) => links.get(service)?.url ?? ''
  const key = `test-${randomBytes(16).toString('hex')}`
  const shared = {
    ...(sandbox ? USERS_CACHE : { HOME: root, RUNSC_PATH: '/nowhere/runsc' }),
    DEPLOYMENT_MODE: 'distributed',
    API_KEY: key,
    SERVICE_SECRET: randomBytes(16).toString('hex'),
    ARCHITECT_SERVICE_URL: at('architect'),
    DS_ORCHESTRATOR_URL: at('ds_orchestrator'),
    DS_ANALYSTS_URL: at('ds_analysts'),
    ...(sandbox ? { SANDBOX_URL: at('sandbox_runner') } : {}),
    DATA_DIR: join(root, 'data'),
    DEMO_NOW: new Date(PRESENT).toISOString(),
    ...(provider ? { LLM_BASE_URL: `${provider.url}/v1`, LLM_MODEL: 'test-model' } : {}),
    ...options.env,
  }
  const programs = new Map<string, Program>()
  const start = (service: Replicated, replica: number) => {
    const usesDatabase = service !== 'ds_analysts' && service !== 'sandbox_runner'
    const program = startProgram(root, 'service', {
      ...shared,
      AETHER_SERVICE: service,
      PORT: String(portOf(service, replica)),
      PUBLIC_URL: at(service),
      ...(usesDatabase ? { DATABASE_URL: databaseUrl } : {}),
    })
    programs.set(`${service} ${replica}`, program)
  }
  const programOf = (service: Replicated, replica: number) => {
    const program = programs.get(`${service} ${replica}`)
    if (!program) throw new Error('there is no such replica')
    return program
  }
  const ready = async (service: Replicated, replica: number): Promise<void> => {
    const program = programOf(service, replica)
    const url = `http://127.0.0.1:${portOf(service, replica)}/ready`
    let isReady = false
    const look = async () => {
      isReady = (await fetch(url).catch(() => null))?.ok === true
    }
    for (let left = START_MS / 50; left > 0 && !isReady && !hasEnded(program); left--) {
      await look()
      if (!isReady) await new Promise((resolve) => setTimeout(resolve, 50))
    }
    if (!isReady) throw new Error(`${service} ${replica} is not ready: ${program.output()}`)
  }
  const stop = async () => {
    for (const program of programs.values()) program.child.kill('SIGTERM')
    await until(() => [...programs.values()].every(hasEnded), 20_000)
    for (const program of programs.values()) program.child.kill('SIGKILL')
    await Promise.all([...programs.values()].map((program) => program.ended))
    for (const link of links.values()) await link.close()
    await provider?.stop()
    await database?.drop()
    rmSync(root, { recursive: true, force: true })
  }
  try {
    // The callees first, so that the callers find them at once.
    for (const service of services.toReversed()) {
      for (const replica of each(service)) start(service, replica)
      await Promise.all(each(service).map((replica) => ready(service, replica)))
    }
  } catch (error) {
    await stop()
    throw error
  }
  const direct = Object.fromEntries(
    services.map((service) => [
      service,
      each(service).map((replica) => `http://127.0.0.1:${portOf(service, replica)}`),
    ]),
  ) as unknown as Replicas['direct']
  return {
    url: at('gateway'),
    key,
    services,
    databaseUrl,
    direct,
    fetch: (path, init = {}) =>
      fetch(`${path.startsWith('http') ? '' : at('gateway')}${path}`, {
        ...init,
        // A connection for each request, so that the balancer has something to choose.
        headers: { authorization: `Bearer ${key}`, connection: 'close', ...init.headers },
      }),
    link: (service) => {
      const link = links.get(service)
      if (!link) throw new Error(`there is no ${service}`)
      return link
    },
    program: programOf,
    async kill(service, replica) {
      const program = programOf(service, replica)
      program.child.kill('SIGKILL')
      await program.ended
    },
    async restart(service, replica) {
      start(service, replica)
      await ready(service, replica)
    },
    stop,
  }
}

function hasEnded({ child }: Program): boolean {
  return child.exitCode !== null || child.signalCode !== null
}
