import { execFile, execFileSync, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { parseEnv, promisify } from 'node:util'
import { openPool } from '../../shared/storage/db.ts'
import type { Replicas, Replicated } from '../harness/replicas.ts'
import { ask, newTag } from './client.ts'
import { until } from './until.ts'
import type { World } from './world.ts'

const CONTAINERS: Readonly<Record<Replicated, string>> = {
  gateway: 'aether-app',
  architect: 'aether-architect',
  ds_orchestrator: 'aether-ds-orchestrator',
  ds_analysts: 'aether-ds-analysts',
  sandbox_runner: 'aether-sandbox',
}
const URL_OF_GATEWAY = 'http://127.0.0.1:8000'
const READY_MS = 60_000
const run = promisify(execFile)

/**
 * The team that `make run-distributed` has started with podman, with its built-in model. A process is killed from
 * outside of its container, so that the engine's restart policy brings it back, as it would after a real crash.
 */
export async function openContainers(): Promise<World> {
  const env = parseEnv(readFileSync(join(import.meta.dirname, '../../.env'), 'utf8'))
  const key = env.API_KEY ?? ''
  const database = await reachPostgres()
  const adminUrl = `postgres://aether:${encodeURIComponent(env.POSTGRES_PASSWORD ?? '')}@127.0.0.1:${database.port}/aether`
  const sql = openPool(adminUrl, { max: 2 })
  const none = () => {
    throw new Error('containers have no such thing')
  }
  const team: Replicas = {
    url: URL_OF_GATEWAY,
    key,
    services: ['gateway', 'architect', 'ds_orchestrator', 'ds_analysts', 'sandbox_runner'],
    databaseUrl: adminUrl,
    direct: {
      gateway: [URL_OF_GATEWAY],
      architect: [],
      ds_orchestrator: [],
      ds_analysts: [],
      sandbox_runner: [],
    },
    fetch: (path, init = {}) =>
      fetch(path.startsWith('http') ? path : `${URL_OF_GATEWAY}${path}`, {
        ...init,
        headers: { authorization: `Bearer ${key}`, connection: 'close', ...init.headers },
      }),
    link: none,
    program: none,
    kill: async (service) => killMain(CONTAINERS[service]),
    restart: async (service) => ready(CONTAINERS[service]),
    stop: async () => {},
  }
  const since = new Date()
  const asked = [await ask(team, newTag())]
  return {
    team,
    model: { calls: [], fetch: none, stallNext: none },
    sql,
    adminUrl,
    asked,
    since,
    whole: 0,
    async close() {
      await sql.end({ timeout: 1 })
      database.close()
    },
  }
}

async function inspect(name: string, format: string): Promise<string> {
  return (await run('podman', ['inspect', '--format', format, name])).stdout.trim()
}

/** `kill -9` of the container's first process, as a crash is. */
async function killMain(name: string): Promise<void> {
  const pid = Number(await inspect(name, '{{.State.Pid}}'))
  if (pid > 1) process.kill(pid, 'SIGKILL')
}

/** Waits until the engine has brought a container back, and its service is ready. */
async function ready(name: string): Promise<void> {
  // The sandbox's readiness is that of its machine; that it answers is enough.
  const path = name === CONTAINERS.sandbox_runner ? 'health' : 'ready'
  const script = `exec 3<>/dev/tcp/127.0.0.1/8000 && printf 'GET /${path} HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && head -n1 <&3 | grep -q ' 200 '`
  const isReady = () =>
    run('podman', ['exec', name, 'bash', '-c', script]).then(
      () => true,
      () => false,
    )
  if (!(await until(isReady, { ms: READY_MS, everyMs: 100 }))) throw new Error(`${name} did not come back`)
}

/** Postgres is not published: each connection to this port goes through a process in its container. */
async function reachPostgres(): Promise<{ port: number; close(): void }> {
  execFileSync('podman', ['inspect', 'aether-postgres'], { stdio: 'ignore' })
  const server = createServer((client) => {
    const script = 'exec 3<>/dev/tcp/127.0.0.1/5432; cat <&3 & cat >&3'
    const child = spawn('podman', ['exec', '-i', 'aether-postgres', 'bash', '-c', script], {
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    client.pipe(child.stdin)
    child.stdout.pipe(client)
    client.on('close', () => child.kill('SIGKILL'))
    for (const one of [client, child.stdin, child.stdout]) one.on('error', () => client.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    close: () => void server.close(),
  }
}
