import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { startOnMiniflare } from '../../infrastructure/miniflare/start.ts'
import { toConfig } from '../../infrastructure/node/config.ts'
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
import { createKeptBundler } from './kept-bundler.ts'
import { USERS_CACHE } from './program.ts'
import { serveFetch } from './serve-fetch.ts'

/** `npm run dev`: the services as workers in a real workerd, on a real Postgres through Hyperdrive, and real gVisor. */
export const miniflare: Topology = {
  name: 'Miniflare',
  cannot: (options) =>
    options.home ? 'a home that exists in the memory of the test cannot be read by workers' : null,
  start,
}

const ROOT = join(import.meta.dirname, '../..')

async function start(options: DeploymentOptions): Promise<Deployment> {
  const database = await openDatabase()
  const model = options.model ? await serveFetch(options.model) : null
  const key = `test-${randomBytes(16).toString('hex')}`
  const lines: LogLine[] = []
  const config = toConfig(
    {
      ...USERS_CACHE,
      PORT: String(await freePorts(1)),
      SANDBOX_POOL_SIZE: '1', // of each deployment: they are many
      API_KEY: key,
      SERVICE_SECRET: randomBytes(16).toString('hex'),
      DATABASE_URL: database.tcpUrl,
      ...variablesOf(options, model),
    },
    ROOT,
  )
  const close = async () => {
    await model?.stop()
    await database.drop()
  }
  const say = (line: string) => {
    if (line.startsWith('{')) lines.push(JSON.parse(line))
    if (process.env.TEST_LOG) console.error(line)
  }
  const running = await startOnMiniflare({
    root: ROOT,
    bundler: createKeptBundler(ROOT),
    config,
    say,
    watching: false,
  }).catch(async (error: unknown) => {
    await close()
    throw error
  })
  return {
    url: running.url,
    key,
    demo: createDemoHome({ now: () => options.now ?? PRESENT }),
    fetch: (path, init = {}) =>
      fetch(`${running.url}${path}`, {
        ...init,
        headers: { authorization: `Bearer ${key}`, ...init.headers },
      }),
    logs: () => lines,
    stop: async () => {
      await running.stop()
      await close()
    },
  }
}
