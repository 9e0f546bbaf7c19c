import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { splitSocket } from '../../shared/storage/db.ts'

const run = promisify(execFile)

/** Postgres' own measuring program: what a transaction took a client on average, and how many there were in a second. */
export type Pgbench = (work: {
  readonly script: string
  readonly clients: number
  readonly transactions: number
}) => Promise<{ ms: number; aSecond: number }>

/** Finds it on PATH, for a database; null where the machine has none, which is said. */
export async function findPgbench(url: string): Promise<Pgbench | null> {
  const there = await run('pgbench', ['--version']).catch(() => null)
  if (there === null) {
    console.log('  pgbench is missing: install the package of the Postgres clients to have its rows')
    return null
  }
  const env = { ...process.env, ...variablesOf(url) }
  return async ({ script, clients, transactions }) => {
    const folder = mkdtempSync(join(tmpdir(), 'aether-pgbench-'))
    const file = join(folder, 'script.sql')
    try {
      writeFileSync(file, script)
      const each = String(Math.ceil(transactions / clients))
      const args = ['-n', '-M', 'prepared', '-c', String(clients), '-t', each, '-f', file]
      const { stdout } = await run('pgbench', args, { env })
      const read = (form: RegExp) => Number(form.exec(stdout)?.[1] ?? Number.NaN)
      return { ms: read(/latency average = ([\d.]+) ms/), aSecond: read(/tps = ([\d.]+)/) }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

/** By the environment, so that no password stands in a list of processes. */
function variablesOf(url: string) {
  const { hostname, port, username, password, pathname } = new URL(url)
  const { path } = splitSocket(url)
  return {
    PGHOST: path === null ? hostname : path.slice(0, path.lastIndexOf('/')),
    PGPORT: port,
    PGUSER: decodeURIComponent(username),
    PGPASSWORD: decodeURIComponent(password),
    PGDATABASE: pathname.slice(1),
  }
}
