import { randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from '../../infrastructure/node/postgres/server-process.ts'
import { createDemoHome } from '../../shared/home/demo/demo-home.ts'
import { openDatabase } from './database.ts'
import {
  type Deployment,
  type DeploymentOptions,
  type LogLine,
  PRESENT,
  type Topology,
  variablesOf,
} from './deployment.ts'
import { freePorts } from './free-ports.ts'
import { layOut } from './installation.ts'
import { type Program, startProgram, USERS_CACHE } from './program.ts'
import { serveFetch } from './serve-fetch.ts'

/** `make run-distributed-local`: the bundle, each service a process of its own, on a real Postgres and real gVisor. */
export const separateProcesses: Topology = {
  name: 'separate processes',
  cannot: (options) =>
    options.home ? 'a home that exists in the memory of the test cannot be read by other processes' : null,
  start: startSeparate,
}

/** The services in the order of their ports. */
const SERVICES = 5
const START_MS = 60_000

/** What tests of the processes themselves look at. */
export interface SeparateDeployment extends Deployment {
  /** Of the gateway; architect, ds_orchestrator, ds_analysts and sandbox_runner follow. */
  readonly port: number
  readonly secret: string
  readonly program: Program
  /** Process ids by service, from the printed table. */
  readonly pids: ReadonlyMap<string, number>
}

/** Starts the processes and waits until they are ready. */
export async function startSeparate(options: DeploymentOptions): Promise<SeparateDeployment> {
  const root = mkdtempSync(join(tmpdir(), 'aether-'))
  chmodSync(root, 0o755)
  const database = await openDatabase()
  const model = options.model ? await serveFetch(options.model) : null
  const key = `test-${randomBytes(16).toString('hex')}`
  const secret = randomBytes(16).toString('hex')
  const port = await freePorts(SERVICES)
  const url = `http://127.0.0.1:${port}`
  await layOut(root)
  const program = startProgram(root, 'run-local', {
    ...USERS_CACHE,
    PORT: String(port),
    API_KEY: key,
    SERVICE_SECRET: secret,
    DATABASE_URL: database.url,
    DATA_DIR: join(root, 'data'),
    ...variablesOf(options, model),
  })
  const stop = async () => {
    program.child.kill('SIGTERM')
    await program.ended
    await model?.stop()
    await database.drop()
    rmSync(root, { recursive: true, force: true })
  }
  const running = () => program.child.exitCode === null && program.child.signalCode === null
  await until(() => program.output().includes('Ctrl-C stops them all.') || !running(), START_MS)
  if (!program.output().includes('Ctrl-C stops them all.')) {
    const said = program.output()
    await stop()
    throw new Error(`it did not start: ${said}`)
  }
  return {
    url,
    key,
    demo: createDemoHome({ now: () => options.now ?? PRESENT }),
    fetch: (path, init = {}) =>
      fetch(`${url}${path}`, { ...init, headers: { authorization: `Bearer ${key}`, ...init.headers } }),
    logs: () => logsOf(program),
    stop,
    port,
    secret,
    program,
    pids: pidsOf(program),
  }
}

function pidsOf(program: Program): Map<string, number> {
  const rows = program.output().matchAll(/^ {2}(\w+) +http:\S+ +(\d+) /gm)
  return new Map([...rows].map(([, name = '', pid]) => [name, Number(pid)]))
}

function logsOf(program: Program): LogLine[] {
  const whole = program.output().slice(0, program.output().lastIndexOf('\n') + 1)
  return whole.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as LogLine] : []))
}
