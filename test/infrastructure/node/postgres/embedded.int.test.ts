import { spawn } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import {
  type EmbeddedOptions,
  type EmbeddedPostgres,
  endLeftover,
  startEmbeddedPostgres,
} from '../../../../infrastructure/node/postgres/embedded.ts'
import { isPostgresOf, readPidFile } from '../../../../infrastructure/node/postgres/pid-file.ts'
import { until } from '../../../../infrastructure/node/postgres/server-process.ts'
import { openPool } from '../../../../shared/storage/db.ts'
import { tempFolder } from '../../../harness/temp-folder.ts'

const MODULE = join(import.meta.dirname, '../../../../infrastructure/node/postgres/embedded.ts')
const asRoot = process.getuid?.() === 0
/** A plain user that every system has; initdb wants one with a name. */
const DAEMON = 1

/** Starts one that is ended with the test, whatever happens. */
async function start(dataDir: string, options: Partial<EmbeddedOptions> = {}): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDir, exclusive: false, ...options })
  onTestFinished(() => server.stop())
  return server
}

async function ask(url: string, query: string): Promise<unknown[]> {
  const sql = openPool(url, { max: 1 })
  try {
    return await sql.unsafe(query)
  } finally {
    await sql.end({ timeout: 1 })
  }
}

const pidOf = (server: EmbeddedPostgres) => readPidFile(server.place.cluster)?.pid ?? 0
const runs = (server: EmbeddedPostgres, pid: number) => isPostgresOf(server.place.cluster, pid)

/** A process that starts it, says so, and waits. */
async function startElsewhere(
  dataDir: string,
  exclusive: boolean,
  user: { uid?: number; gid?: number } = {},
) {
  const script = `
    const { startEmbeddedPostgres } = await import(${JSON.stringify(MODULE)})
    try {
      const server = await startEmbeddedPostgres(${JSON.stringify({ dataDir, exclusive })})
      console.log('started', JSON.stringify(server.place))
      process.stdin.on('data', async () => { await server.stop(); process.exit(0) })
    } catch (error) { console.log('refused', error.message); process.exit(1) }`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
    ...user,
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const line = await new Promise<string>((resolve) =>
    child.stdout.once('data', (data) => resolve(String(data))),
  )
  return { child, line }
}

test('the first start makes a cluster with a password of its own; a later one finds its data', async () => {
  const dataDir = tempFolder()
  const first = await start(dataDir)
  await ask(first.url, 'create table kept as select 7 as n')
  await first.stop()
  expect(statSync(join(dataDir, 'postgres.password')).mode & 0o777).toBe(0o600)
  expect(statSync(join(dataDir, 'postgres')).mode & 0o777).toBe(0o700)
  expect(readFileSync(join(dataDir, 'postgres/pg_hba.conf'), 'utf8')).not.toMatch(/^\s*[^#].*\btrust\b/m)

  const second = await start(dataDir)
  expect(await ask(second.url, 'select n from kept')).toEqual([{ n: 7 }])
  expect(await ask(second.tcpUrl, 'select n from kept')).toEqual([{ n: 7 }])
  for (const url of [second.url, second.tcpUrl]) {
    const wrong = new URL(url)
    wrong.password = 'wrong'
    await expect(ask(wrong.href, 'select 1')).rejects.toThrow('password authentication failed')
  }
})

test('it ends with its last user, not before', async () => {
  const dataDir = tempFolder()
  const [one, two] = await Promise.all([start(dataDir), start(dataDir)])
  const pid = pidOf(one)
  await one.stop()
  expect(runs(two, pid)).toBe(true)
  expect(await ask(two.url, 'select 1 as one')).toEqual([{ one: 1 }])
  await two.stop()
  expect(runs(two, pid)).toBe(false)
})

test('of several processes that start at once on an empty folder all come to use the same database', async () => {
  const dataDir = tempFolder()
  const others = await Promise.all([1, 2, 3].map(() => startElsewhere(dataDir, false)))
  expect(others.map(({ line }) => line.split(' ')[0])).toEqual(['started', 'started', 'started'])
  const server = await start(dataDir)
  expect(server.attached).toBe(true)
  expect(await ask(server.url, 'select count(distinct pid) as n from pg_locks where objid = 727275')).toEqual(
    [{ n: '4' }],
  )
  for (const { child } of others) child.kill('SIGKILL')
})

test('a second server on the same folder is refused in one line, and changes nothing', async () => {
  const dataDir = tempFolder()
  const first = await start(dataDir, { exclusive: true })
  const { line } = await startElsewhere(dataDir, true)
  expect(line).toMatch(/^refused Another Aether is running on the data folder .*DATA_DIR and PORT\.\n$/)
  expect(await ask(first.url, 'select 1 as one')).toEqual([{ one: 1 }])
})

test('what a killed server leaves behind is taken over, with everything in it', async () => {
  const dataDir = tempFolder()
  const { child, line } = await startElsewhere(dataDir, true)
  expect(line).toMatch(/^started/)
  const orphan = readPidFile(join(dataDir, 'postgres'))?.pid ?? 0
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await gone
  const server = await start(dataDir, { exclusive: true })
  expect(server.attached).toBe(true)
  expect(pidOf(server)).toBe(orphan)
  // Until Postgres has noticed that the killed one has gone, it counts as a user.
  await vi.waitFor(
    async () =>
      expect(
        await ask(server.url, 'select count(distinct pid) as n from pg_locks where objid = 727275'),
      ).toEqual([{ n: '1' }]),
    { timeout: 30_000 },
  )
  await server.stop()
  expect(runs(server, orphan)).toBe(false)
})

test('make down ends what is left over, and nothing that is in use', async () => {
  const dataDir = tempFolder()
  expect(await endLeftover({ dataDir })).toBe('none')
  const { child } = await startElsewhere(dataDir, false)
  expect(await endLeftover({ dataDir })).toBe('used')
  child.kill('SIGKILL')
  let outcome = 'used'
  for (let tries = 0; outcome === 'used' && tries < 50; tries++) outcome = await endLeftover({ dataDir })
  expect(outcome).toBe('ended')
})

test('a killed Postgres comes up again with what was committed', async () => {
  const dataDir = tempFolder()
  const first = await start(dataDir)
  await ask(first.url, 'create table kept as select 7 as n')
  const pid = pidOf(first)
  process.kill(pid, 'SIGKILL')
  await until(() => !runs(first, pid), 5_000)
  const second = await start(dataDir)
  expect(second.attached).toBe(false)
  expect(await ask(second.url, 'select n from kept')).toEqual([{ n: 7 }])
})

test('a pid file that names another program is not believed', async () => {
  const dataDir = tempFolder()
  const first = await start(dataDir)
  await first.stop()
  const path = join(dataDir, 'postgres/postmaster.pid')
  writeFileSync(path, `${process.pid}\n${dataDir}/postgres\n0\n5432\n\n127.0.0.1\n 1 1\nready\n`, {
    mode: 0o600,
  })
  const second = await start(dataDir)
  expect(second.attached).toBe(false)
})

test('data of another major version is refused with what to do', async () => {
  const dataDir = tempFolder()
  const first = await start(dataDir)
  await first.stop()
  writeFileSync(join(dataDir, 'postgres/PG_VERSION'), '15\n')
  await expect(start(dataDir)).rejects.toThrow(
    /data of Postgres 15, and this Aether brings 18.*make backup.*make restore/,
  )
})

test('a start that was killed half-way leaves nothing in the way', async () => {
  const dataDir = tempFolder()
  mkdirSync(join(dataDir, 'postgres.new-999999'))
  await start(dataDir)
  expect(existsSync(join(dataDir, 'postgres.new-999999'))).toBe(false)
})

test('a folder whose path is too long for a socket is served over TCP', async () => {
  const dataDir = join(tempFolder(), 'x'.repeat(100))
  const server = await start(dataDir)
  expect(server.url).toBe(server.tcpUrl)
  expect(await ask(server.url, 'select 1 as one')).toEqual([{ one: 1 }])
})

test.runIf(asRoot)('as root, data that nobody could reach lies in the state folder', async () => {
  const folder = tempFolder()
  mkdirSync(join(folder, 'closed'), { mode: 0o700 })
  const options = { stateRoot: join(folder, 'state') }
  const server = await start(join(folder, 'closed/data'), options)
  expect(server.place.moved).toBe(true)
  expect(server.place.folder.startsWith(join(folder, 'state/'))).toBe(true)
  expect(statSync(join(server.place.folder, 'postgres.password')).mode & 0o777).toBe(0o600)
  await ask(server.url, 'create table kept as select 7 as n')
  await server.stop()
  const again = await start(join(folder, 'closed/data'), options)
  expect(await ask(again.url, 'select n from kept')).toEqual([{ n: 7 }])
})

test.runIf(asRoot)('a plain user has a database of its own, which root can use too', async () => {
  const folder = tempFolder()
  const dataDir = join(folder, 'data')
  mkdirSync(dataDir)
  chownSync(dataDir, DAEMON, DAEMON)
  const { child, line } = await startElsewhere(dataDir, false, { uid: DAEMON, gid: DAEMON })
  expect(line).toMatch(/^started.*"user":null/)
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.stdin.write('stop\n')
  await gone
  expect(statSync(join(dataDir, 'postgres')).uid).toBe(DAEMON)
  const server = await start(dataDir)
  expect(server.place.user).toEqual({ uid: DAEMON, gid: DAEMON })
  await server.stop()
})

test.runIf(asRoot)('a plain user is told whose data it is when root made it', async () => {
  const dataDir = tempFolder()
  const server = await start(dataDir)
  await server.stop()
  const { line } = await startElsewhere(dataDir, false, { uid: DAEMON, gid: DAEMON })
  expect(line).toMatch(/^refused .*belongs to another user \(uid 65534\)/)
})

test('a Postgres that is killed under a lasting process comes back at the same address', async () => {
  const dataDir = tempFolder()
  const said: string[] = []
  const server = await start(dataDir, { exclusive: true, onRestart: (message) => said.push(message) })
  await ask(server.url, 'create table kept as select 7 as n')
  const pid = pidOf(server)
  process.kill(pid, 'SIGKILL')
  await expect
    .poll(() => ask(server.url, 'select n from kept').catch(() => null), { timeout: 20_000 })
    .toEqual([{ n: 7 }])
  expect(pidOf(server)).not.toBe(pid)
  await expect.poll(() => said, { timeout: 10_000 }).toContain('the embedded Postgres had gone and is back')
  const { line } = await startElsewhere(dataDir, true)
  expect(line).toMatch(/^refused Another Aether/)
  const next = pidOf(server)
  await server.stop()
  expect(runs(server, next)).toBe(false)
})

test('a server whose connections are all cut is still the only one', async () => {
  const dataDir = tempFolder()
  const said: string[] = []
  const server = await start(dataDir, { exclusive: true, onRestart: (message) => said.push(message) })
  await ask(
    server.url,
    "select pg_terminate_backend(pid) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()",
  )
  await expect.poll(() => said, { timeout: 10_000 }).toHaveLength(1)
  const { line } = await startElsewhere(dataDir, true)
  expect(line).toMatch(/^refused Another Aether/)
})
