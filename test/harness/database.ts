import { createHash, randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type postgres from 'postgres'
import { afterAll, beforeAll, onTestFinished } from 'vitest'
import { startEmbeddedPostgres } from '../../infrastructure/node/postgres/embedded.ts'
import { createDb, type Db, openPool } from '../../shared/storage/db.ts'
import { type Migration, migrateDb } from '../../shared/storage/migrate.ts'
import { readMigrations } from '../../shared/storage/read-migrations.node.ts'

/** A database of a test's own: fresh and migrated. */
export interface TestDatabase {
  readonly db: Db
  /** For raw connections; the host is a folder (see `openPool`). */
  readonly url: string
  /** The same over TCP. */
  readonly tcpUrl: string
}

/** One Postgres for all test processes of this user and clone; its data stays for the next run. */
const DATA_DIR = join(
  tmpdir(),
  `aether-test-${process.getuid?.() ?? 0}-${hash(import.meta.dirname).slice(0, 8)}`,
)
const TEMPLATE_LOCK = 727_300
const LEFTOVER_MS = 3_600_000

/**
 * A fresh, migrated database for the tests of this file, or of the `describe` that it stands in. Its fields can be
 * used within hooks and tests.
 */
export function withDatabase(): TestDatabase {
  let open: Awaited<ReturnType<typeof openDatabase>> | null = null
  beforeAll(async () => {
    open = await openDatabase()
  })
  afterAll(async () => {
    await open?.drop()
  })
  const now = () => {
    if (!open) throw new Error('withDatabase() is ready within hooks and tests only')
    return open
  }
  return {
    get db() {
      return now().db
    },
    get url() {
      return now().url
    },
    get tcpUrl() {
      return now().tcpUrl
    },
  }
}

/** Makes a fresh, migrated database; `drop` removes it, and ends the shared Postgres when nobody else uses it. */
export async function openDatabase(): Promise<TestDatabase & { drop(): Promise<void> }> {
  // What tests write need not survive a power cut.
  const settings = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=400']
  const server = await startEmbeddedPostgres({ dataDir: DATA_DIR, exclusive: false, settings })
  const admin = openPool(server.url, { max: 1 })
  const name = nameOfNew()
  try {
    const template = await ensureTemplate(admin, server.url, readMigrations())
    await admin.unsafe(`create database ${name} template ${template}`)
    const url = inDatabase(server.url, name)
    const { db, close } = createDb(url, { max: 10 })
    return {
      db,
      url,
      tcpUrl: inDatabase(server.tcpUrl, name),
      async drop() {
        await close()
        await admin.unsafe(`drop database ${name} with (force)`)
        await admin.end({ timeout: 1 })
        await server.stop()
      },
    }
  } catch (error) {
    await admin.end({ timeout: 1 })
    await server.stop()
    throw error
  }
}

/** A database with nothing in it beside the given one, for this test alone; gives its address. */
export async function emptyDatabase({ url }: TestDatabase): Promise<string> {
  const empty = await makeEmpty(url)
  onTestFinished(empty.drop)
  return empty.url
}

/** Makes a database with nothing in it on the server of another one. */
export async function makeEmpty(url: string): Promise<{ url: string; drop(): Promise<void> }> {
  const admin = openPool(url, { max: 1 })
  const name = nameOfNew()
  await admin.unsafe(`create database ${name}`)
  return {
    url: inDatabase(url, name),
    async drop() {
      await admin.unsafe(`drop database ${name} with (force)`)
      await admin.end()
    },
  }
}

/** Tells its age, by which leftovers are known. */
function nameOfNew(): string {
  return `test_${Date.now()}_${randomBytes(4).toString('hex')}`
}

function inDatabase(url: string, name: string): string {
  const changed = new URL(url)
  changed.pathname = `/${name}`
  return changed.href
}

/** A database that is migrated once for each state of the schema and copied for each file. */
async function ensureTemplate(
  admin: postgres.Sql,
  url: string,
  migrations: readonly Migration[],
): Promise<string> {
  const name = `template_${hash(migrations.map((migration) => migration.hash).join()).slice(0, 12)}`
  await admin`select pg_advisory_lock(${TEMPLATE_LOCK})`
  try {
    const [there] = await admin`select 1 from pg_database where datname = ${name}`
    if (there) return name
    await dropLeftovers(admin)
    // Migrated under another name: a killed process must not leave half a template.
    await admin.unsafe(`drop database if exists ${name}_draft with (force)`)
    await admin.unsafe(`create database ${name}_draft`)
    await migrateDb(inDatabase(url, `${name}_draft`), migrations)
    await admin.unsafe(`alter database ${name}_draft rename to ${name}`)
    return name
  } finally {
    await admin`select pg_advisory_unlock(${TEMPLATE_LOCK})`
  }
}

/** Databases of killed tests. */
async function dropLeftovers(admin: postgres.Sql): Promise<void> {
  const rows = await admin<{ name: string }[]>`
    select datname as name from pg_database where datname like 'test\\_%'`
  for (const { name } of rows)
    if (Number(name.split('_')[1]) < Date.now() - LEFTOVER_MS)
      await admin.unsafe(`drop database if exists ${name} with (force)`)
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
