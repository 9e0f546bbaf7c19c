import { randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from '../../infrastructure/node/postgres/server-process.ts'
import type { Fetch } from '../../shared/http/fetch.ts'
import { type Balancer, startBalancer } from './balancer.ts'
import { openDatabase } from './database.ts'
import { type Deployment, PRESENT } from './deployment.ts'
import { freePorts } from './free-ports.ts'
import { layOut } from './installation.ts'
import { type Program, startProgram } from './program.ts'
import { serveFetch } from './serve-fetch.ts'

const SERVICES = ['gateway', 'architect', 'ds_orchestrator', 'ds_analysts'] as const
type Replicated = (typeof SERVICES)[number]
const START_MS = 60_000

/** Every service as often as told, each a process of its own, behind a plain balancer for each service. */
export interface Replicas extends Pick<Deployment, 'fetch' | 'url' | 'key'> {
  /** Addresses of the processes themselves, by service. */
  readonly direct: Readonly<Record<Replicated, readonly string[]>>
  /** The process of a service. */
  program(service: Replicated, replica: number): Program
  /** Starts one anew that was killed, on its old port. */
  restart(service: Replicated, replica: number): Promise<void>
  stop(): Promise<void>
}

/** Starts them on one database, without a sandbox, and waits until all are ready. */
export async function startReplicas(count: number, model?: Fetch): Promise<Replicas> {
  const root = mkdtempSync(join(tmpdir(), 'aether-'))
  chmodSync(root, 0o755)
  const database = await openDatabase()
  const provider = model ? await serveFetch(model) : null
  await layOut(root)
  const first = await freePorts(SERVICES.length * count)
  const portOf = (service: Replicated, replica: number) => first + SERVICES.indexOf(service) * count + replica
  const each = Array.from({ length: count }, (_, replica) => replica)
  const balancers = new Map<Replicated, Balancer>()
  for (const service of SERVICES)
    balancers.set(service, await startBalancer(each.map((replica) => portOf(service, replica))))
  const at = (service: Replicated) => balancers.get(service)?.url ?? ''
  const key = `test-${randomBytes(16).toString('hex')}`
  const shared = {
    HOME: root,
    RUNSC_PATH: '/nowhere/runsc',
    DEPLOYMENT_MODE: 'distributed',
    API_KEY: key,
    SERVICE_SECRET: randomBytes(16).toString('hex'),
    ARCHITECT_SERVICE_URL: at('architect'),
    DS_ORCHESTRATOR_URL: at('ds_orchestrator'),
    DS_ANALYSTS_URL: at('ds_analysts'),
    DATA_DIR: join(root, 'data'),
    DEMO_NOW: new Date(PRESENT).toISOString(),
    ...(provider ? { LLM_BASE_URL: `${provider.url}/v1`, LLM_MODEL: 'test-model' } : {}),
  }
  const programs = new Map<string, Program>()
  const start = (service: Replicated, replica: number) => {
    const program = startProgram(root, 'service', {
      ...shared,
      AETHER_SERVICE: service,
      PORT: String(portOf(service, replica)),
      PUBLIC_URL: at(service),
      ...(service === 'ds_analysts' ? {} : { DATABASE_URL: database.url }),
    })
    programs.set(`${service} ${replica}`, program)
    return program
  }
  const ready = async (service: Replicated, replica: number): Promise<void> => {
    const program = programs.get(`${service} ${replica}`)
    const url = `http://127.0.0.1:${portOf(service, replica)}/ready`
    let isReady = false
    const look = async () => {
      isReady = (await fetch(url).catch(() => null))?.ok === true
    }
    const ended = () => program?.child.exitCode !== null || program.child.signalCode !== null
    for (let left = START_MS / 100; left > 0 && !isReady && !ended(); left--) {
      await look()
      if (!isReady) await new Promise((resolve) => setTimeout(resolve, 100))
    }
    if (!isReady) throw new Error(`${service} ${replica} is not ready: ${program?.output()}`)
  }
  const stop = async () => {
    for (const program of programs.values()) program.child.kill('SIGTERM')
    await until(
      () => [...programs.values()].every(({ child }) => child.exitCode !== null || child.signalCode !== null),
      20_000,
    )
    for (const program of programs.values()) program.child.kill('SIGKILL')
    await Promise.all([...programs.values()].map((program) => program.ended))
    for (const balancer of balancers.values()) await balancer.close()
    await provider?.stop()
    await database.drop()
    rmSync(root, { recursive: true, force: true })
  }
  try {
    // The callees first, so that the callers find them at once.
    for (const service of SERVICES.toReversed()) {
      for (const replica of each) start(service, replica)
      await Promise.all(each.map((replica) => ready(service, replica)))
    }
  } catch (error) {
    await stop()
    throw error
  }
  const direct = Object.fromEntries(
    SERVICES.map((service) => [
      service,
      each.map((replica) => `http://127.0.0.1:${portOf(service, replica)}`),
    ]),
  ) as unknown as Replicas['direct']
  return {
    url: at('gateway'),
    key,
    direct,
    fetch: (path, init = {}) =>
      fetch(`${path.startsWith('http') ? '' : at('gateway')}${path}`, {
        ...init,
        // A connection for each request, so that the balancer has something to choose.
        headers: { authorization: `Bearer ${key}`, connection: 'close', ...init.headers },
      }),
    program: (service, replica) => {
      const program = programs.get(`${service} ${replica}`)
      if (!program) throw new Error('there is no such replica')
      return program
    },
    async restart(service, replica) {
      start(service, replica)
      await ready(service, replica)
    },
    stop,
  }
}
