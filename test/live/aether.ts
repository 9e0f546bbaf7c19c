import { randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inject } from 'vitest'
import { until } from '../../infrastructure/node/postgres/server-process.ts'
import { openDatabase } from '../harness/database.ts'
import type { Deployment } from '../harness/deployment.ts'
import { layOut } from '../harness/installation.ts'
import { startProgram, USERS_CACHE } from '../harness/program.ts'

const START_MS = 60_000

/**
 * `make run` as a process of its own, on a Home Assistant and with a tariff (null: what Home Assistant knows of prices),
 * on a real Postgres and real gVisor.
 */
export async function startAether(
  home: { readonly url: string; readonly token: string },
  tariff: unknown,
): Promise<Pick<Deployment, 'fetch' | 'stop'>> {
  const root = mkdtempSync(join(inject('place'), 'aether-'))
  chmodSync(root, 0o755)
  const database = await openDatabase()
  await layOut(root)
  if (tariff !== null) writeFileSync(join(root, 'tariff.json'), JSON.stringify(tariff))
  const key = `live-${randomBytes(16).toString('hex')}`
  const program = startProgram(root, 'main', {
    ...USERS_CACHE,
    PORT: '0',
    API_KEY: key,
    DATABASE_URL: database.url,
    DATA_DIR: join(root, 'data'),
    HA_URL: home.url,
    HA_TOKEN: home.token,
    ...(tariff === null ? {} : { HOME_TARIFF: join(root, 'tariff.json') }),
  })
  const stop = async () => {
    program.child.kill('SIGTERM')
    await program.ended
    await database.drop()
    rmSync(root, { recursive: true, force: true })
  }
  const running = () => program.child.exitCode === null && program.child.signalCode === null
  await until(() => / is ready at http\S+/.test(program.output()) || !running(), START_MS)
  const url = / is ready at (http[^\s.]+\S*?)\.?\s/.exec(program.output())?.[1]
  if (url === undefined) {
    const said = program.output()
    await stop()
    throw new Error(`Aether did not start: ${said}`)
  }
  return {
    fetch: (path, init = {}) =>
      fetch(`${url}${path}`, { ...init, headers: { authorization: `Bearer ${key}`, ...init.headers } }),
    stop,
  }
}
