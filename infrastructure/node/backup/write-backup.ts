import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream, linkSync, rmSync } from 'node:fs'
import { finished, pipeline } from 'node:stream/promises'
import { createGzip, type Gzip } from 'node:zlib'
import type postgres from 'postgres'
import { openPool } from '../../../shared/storage/db.ts'
import { allowMigrations, holdMigrations } from '../../../shared/storage/migrate.ts'
import { errorCode, StartFault } from '../start-fault.ts'
import { FORMAT } from './format.ts'
import { quoted, type TableShape, tablesOf } from './tables.ts'

export interface WriteOptions {
  readonly url: string
  /** Where the backup goes; nothing may be there. */
  readonly path: string
  readonly version: string
  readonly at: Date
}

/** Rows that are fetched at once. */
const FETCH = 200

/**
 * Writes one consistent copy of the database: all tables as they are at one moment, while others go on writing. The
 * file has its name once it is whole, is readable for this user alone, and is never written over another.
 */
export async function writeBackup(options: WriteOptions): Promise<{ tables: number; rows: number }> {
  const draft = `${options.path}.${process.pid}.part`
  const sql = openPool(options.url, { max: 1, name: 'aether-backup' })
  const gzip = createGzip()
  try {
    // Before the snapshot is taken: one from before a migration would not fit the tables after it.
    await holdMigrations(sql)
    const out = createWriteStream(draft, { flags: 'wx', mode: 0o600, flush: true })
    await once(out, 'open') // one that opens only after all has failed would leave its file
    const file = pipeline(gzip, out)
    const counted = await Promise.all([
      sql
        .begin('isolation level repeatable read read only', (tx) => copy(tx, gzip, options))
        .catch((error: unknown) => {
          gzip.destroy()
          throw error
        }),
      file,
    ]).then(([done]) => done)
    linkSync(draft, options.path)
    return counted
  } catch (error) {
    throw toFault(error, options.path)
  } finally {
    rmSync(draft, { force: true })
    await sql.end({ timeout: 1 })
  }
}

async function copy(
  tx: postgres.TransactionSql,
  gzip: Gzip,
  { version, at }: WriteOptions,
): Promise<{ tables: number; rows: number }> {
  const hash = createHash('sha256')
  const write = async (line: string) => {
    hash.update(`${line}\n`)
    if (!gzip.write(`${line}\n`)) await once(gzip, 'drain')
  }
  const [about] = await tx<{ postgres: string; book: string | null }[]>`
    select current_setting('server_version') as postgres, to_regclass('drizzle.__drizzle_migrations') as book`
  if (!about?.book)
    throw new StartFault('This database holds no data of Aether: there is nothing to back up.')
  const tables = await tablesOf(tx)
  const names = tables.map(({ name }) => quoted(name)).join(', ')
  await tx.unsafe(`lock table ${names} in access share mode`)
  await allowMigrations(tx)
  const done = await tx<{ hash: string }[]>`
    select hash from drizzle.__drizzle_migrations order by created_at, id`
  const migrations = done.map((row) => row.hash)
  const made_at = at.toISOString()
  await write(
    JSON.stringify({ aether_backup: FORMAT, version, made_at, postgres: about.postgres, migrations }),
  )
  let rows = 0
  for (const table of tables) {
    await write(JSON.stringify({ table: table.name, columns: table.columns.map(({ name }) => name) }))
    for await (const batch of tx.unsafe<{ line: string }[]>(selectOf(table)).cursor(FETCH)) {
      rows += batch.length
      for (const { line } of batch) await write(line)
    }
  }
  gzip.end(`${JSON.stringify({ end: true, rows, sha256: hash.digest('hex') })}\n`)
  await finished(gzip, { readable: false })
  return { tables: tables.length, rows }
}

/** Each value as Postgres writes it, which it reads back as the same. */
function selectOf({ name, columns }: TableShape): string {
  const values = columns.map((column) => `${quoted(column.name)}::text`).join(', ')
  return `select jsonb_build_array(${values})::text as line from ${quoted(name)}`
}

function toFault(error: unknown, path: string): unknown {
  const code = errorCode(error)
  if (code === 'EEXIST') return new StartFault(`${path} is there already. Choose another name with FILE.`)
  if (code === 'ENOENT' || code === 'EACCES' || code === 'EROFS' || code === 'ENOSPC')
    return new StartFault(`The backup cannot be written to ${path} (${code}).`, { cause: error })
  return error
}
