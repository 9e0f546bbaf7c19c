import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openPool } from '../../../shared/storage/db.ts'
import { makeEmpty, openDatabase } from '../../harness/database.ts'
import { freePorts } from '../../harness/free-ports.ts'
import { layOut } from '../../harness/installation.ts'
import { type Program, startProgram } from '../../harness/program.ts'
import { type Fault, spread } from '../fault.ts'
import { until } from '../until.ts'

const INSTANCES = 20
const UP_MS = 60_000

/** Many gateways start at once on a database that has nothing in it yet. */
export const startTogether: Fault = {
  id: 'F14',
  title: '20 instances start together with pending migrations',
  async run({ full, say }) {
    const rounds = full ? 10 : 1
    const violations: string[] = []
    const up: number[] = []
    const database = await openDatabase()
    const root = mkdtempSync(join(tmpdir(), 'aether-'))
    await layOut(root)
    try {
      for (let round = 0; round < rounds; round++) {
        const empty = await makeEmpty(database.url)
        const { ms, faults } = await startAll(root, empty.url)
        up.push(ms)
        violations.push(...faults)
        await empty.drop()
        say(`F14: round ${round + 1} of ${rounds}`)
      }
    } finally {
      await database.drop()
      rmSync(root, { recursive: true, force: true })
    }
    return {
      did: `${rounds} × ${INSTANCES} gateways on an empty database`,
      saw: `all ready after ${spread(up)}; each migration once`,
      violations,
    }
  },
}

async function startAll(root: string, databaseUrl: string): Promise<{ ms: number; faults: string[] }> {
  const first = await freePorts(INSTANCES)
  const since = Date.now()
  const programs = Array.from({ length: INSTANCES }, (_, i) =>
    startProgram(root, 'service', {
      HOME: root,
      RUNSC_PATH: '/nowhere/runsc',
      AETHER_SERVICE: 'gateway',
      API_KEY: 'test-0123456789abcdef0123456789abcdef',
      SERVICE_SECRET: 'test-secret-of-twenty-instances-0123',
      ARCHITECT_SERVICE_URL: 'http://127.0.0.1:1',
      DS_ORCHESTRATOR_URL: 'http://127.0.0.1:1',
      DS_ANALYSTS_URL: 'http://127.0.0.1:1',
      DATABASE_URL: databaseUrl,
      PORT: String(first + i),
    }),
  )
  const faults: string[] = []
  try {
    await Promise.all(programs.map((program) => ready(program, faults)))
    const ms = Date.now() - since
    faults.push(...(await migratedOnce(databaseUrl)))
    return { ms, faults }
  } finally {
    for (const { child } of programs) child.kill('SIGTERM')
    await Promise.all(programs.map(({ ended }) => ended))
  }
}

/** Until it says that it is ready: the health route answers before anything is migrated. */
async function ready(program: Program, faults: string[]): Promise<void> {
  const hasEnded = () => program.child.exitCode !== null
  const isReady = () => program.output().includes(' is ready at ')
  if ((await until(() => hasEnded() || isReady(), { ms: UP_MS, everyMs: 100 })) && !hasEnded()) return
  faults.push(`one did not come up: ${program.output().slice(-500)}`)
}

async function migratedOnce(url: string): Promise<string[]> {
  const sql = openPool(url, { max: 1 })
  try {
    const rows = await sql<{ hash: string; n: number }[]>`
      select hash, count(*)::int as n from drizzle.__drizzle_migrations group by hash`
    if (rows.length === 0) return ['nothing was migrated']
    return rows.filter((row) => row.n !== 1).map((row) => `a migration ran ${row.n} times`)
  } finally {
    await sql.end({ timeout: 1 })
  }
}
