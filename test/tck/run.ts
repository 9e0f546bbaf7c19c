import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { startServer } from '../../infrastructure/node/serve.ts'
import { createMemoryTaskStore } from '../../shared/a2a/memory-task-store.ts'
import { createPostgresTaskStore } from '../../shared/a2a/postgres/postgres-task-store.ts'
import { createPushMethods } from '../../shared/a2a/push/push.ts'
import { createPushKeys } from '../../shared/a2a/push/seal.ts'
import { createPushSender } from '../../shared/a2a/push/sender.ts'
import { createLog } from '../../shared/config/log.ts'
import { createNewId } from '../../shared/domain/ids.ts'
import { createNotifications } from '../../shared/storage/notifications.ts'
import { openDatabase } from '../harness/database.ts'
import { createTckAgent } from './agent.ts'
import { loopbackNet } from './loopback-net.ts'

/**
 * Runs the A2A conformance kit (a checkout of a2aproject/a2a-tck, branch 1.0-dev, named by TCK) against the test-only
 * agent, once with tasks in Postgres and push notifications, and once in memory without. The kit's Python packages go into a folder of its own beside it.
 */
const PACKAGES = [
  'pytest',
  'pytest-asyncio',
  'httpx',
  'grpcio',
  'protobuf>=6.30.2',
  'googleapis-common-protos',
  'jsonschema',
]
const now = () => Date.now()
const log = createLog({
  write: (line) => console.error(line),
  level: 'warn',
  service: 'tck',
  now,
  secrets: [],
})

function run(command: string, args: readonly string[], cwd: string): Promise<{ code: number; last: string }> {
  return new Promise((done, fail) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'] })
    let output = ''
    child.stdout.on('data', (data) => {
      output += data
    })
    child.on('error', fail)
    child.on('close', (code) => {
      if (code !== 0) console.error(output)
      done({ code: code ?? 1, last: output.trimEnd().split('\n').at(-1) ?? '' })
    })
  })
}

async function preparePython(kit: string): Promise<string> {
  const python = join(kit, '.venv-aether/bin/python')
  if (existsSync(python)) return python
  await run('python3', ['-m', 'venv', '.venv-aether'], kit)
  const { code } = await run(python, ['-m', 'pip', 'install', '--quiet', ...PACKAGES], kit)
  if (code !== 0) throw new Error('the packages of the kit cannot be installed')
  return python
}

async function main(): Promise<number> {
  const kit = resolve(process.env.TCK ?? '')
  if (!process.env.TCK || !existsSync(join(kit, 'tests/compatibility'))) {
    console.error('TCK must name a checkout of github.com/a2aproject/a2a-tck, branch 1.0-dev.')
    return 2
  }
  const python = await preparePython(kit)
  const database = await openDatabase()
  const words = createNotifications(database.url, 'a2a')
  const postgres = createPostgresTaskStore({
    db: database.db,
    service: 'gateway',
    holder: 'tck',
    now,
    log,
    words,
  })
  const keys = createPushKeys('a-secret-of-the-conformance-kit')
  const rules = { origins: null, anywhere: true }
  const shared = { db: database.db, service: 'gateway' as const, keys, rules }
  const sender = createPushSender({
    ...shared,
    holder: 'tck',
    net: loopbackNet,
    now,
    log,
    random: Math.random,
  })
  sender.start()
  const push = createPushMethods({ ...shared, tasks: postgres, newId: createNewId(now) })
  const profiles = [
    { name: 'Postgres, push', tasks: postgres, push },
    { name: 'memory, no push', tasks: createMemoryTaskStore({ max: 10_000, now }), push: null },
  ]
  let worst = 0
  try {
    for (const { name, ...profile } of profiles) {
      let app: ReturnType<typeof createTckAgent> | undefined
      const server = await startServer({
        fetch: async (request) => (app ? app.fetch(request) : new Response(null, { status: 503 })),
        host: '127.0.0.1',
        port: 0,
        log,
        drain: async () => {},
      })
      app = createTckAgent({ url: server.url, ...profile, log })
      const { code, last } = await run(
        python,
        [
          ...['-m', 'pytest', 'tests/compatibility/', `--sut-host=${server.url}`, '-q', '-rf'],
          ...['--transport=jsonrpc,http_json', '-p', 'no:cacheprovider'],
        ],
        kit,
      )
      console.log(`${name}: ${last}`)
      worst = Math.max(worst, code)
      await server.stop()
    }
  } finally {
    await sender.stop()
    await postgres.close()
    await words.close()
    await database.drop()
  }
  return worst
}

process.exitCode = await main()
