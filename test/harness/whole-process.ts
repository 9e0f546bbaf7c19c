import { randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toConfig } from '../../infrastructure/node/config.ts'
import { startProcess } from '../../infrastructure/node/start.ts'
import { createDemoHome } from '../../shared/home/demo/demo-home.ts'
import { openDatabase } from './database.ts'
import type { Deployment, LogLine } from './deployment.ts'
import { USERS_CACHE } from './program.ts'

/**
 * Aether as `make run` starts it from these variables, with its own start and wiring, in the process of the test: on a
 * real Postgres, and real gVisor unless RUNSC_PATH says otherwise.
 */
export async function wholeProcess(
  env: Readonly<Record<string, string>> = {},
): Promise<Deployment & { readonly output: () => string; readonly databaseUrl: string }> {
  const root = mkdtempSync(join(tmpdir(), 'aether-'))
  chmodSync(root, 0o755)
  const database = await openDatabase()
  const key = `test-${randomBytes(16).toString('hex')}`
  const lines: string[] = []
  const given = {
    ...USERS_CACHE,
    PORT: '0',
    API_KEY: key,
    SERVICE_SECRET: randomBytes(16).toString('hex'),
    DATABASE_URL: database.url,
    DATA_DIR: join(root, 'data'),
    ...env,
  }
  const cleanUp = async () => {
    await database.drop()
    rmSync(root, { recursive: true, force: true })
  }
  const running = await startProcess(toConfig(given, root), (line) => lines.push(line)).catch(
    async (error) => {
      await cleanUp()
      throw error
    },
  )
  return {
    url: running.url,
    databaseUrl: database.url,
    key: given.API_KEY,
    demo: createDemoHome({ now: Date.now }),
    fetch: (path, init = {}) =>
      fetch(`${running.url}${path}`, {
        ...init,
        headers: { authorization: `Bearer ${given.API_KEY}`, ...init.headers },
      }),
    logs: () => lines.map((line) => JSON.parse(line) as LogLine),
    output: () => lines.join('\n'),
    stop: async () => {
      await running.stop()
      await cleanUp()
    },
  }
}
