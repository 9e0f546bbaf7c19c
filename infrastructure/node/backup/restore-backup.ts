import type postgres from 'postgres'
import { openPool } from '../../../shared/storage/db.ts'
import { applyMigrations, lockMigrations, type Migration } from '../../../shared/storage/migrate.ts'
import { StartFault } from '../start-fault.ts'
import { checkBackup } from './check-backup.ts'
import { type Head, type Table, toEntry } from './format.ts'
import { linesOf } from './lines.ts'
import { quoted, type TableShape, tablesOf } from './tables.ts'

export interface RestoreOptions {
  readonly url: string
  readonly path: string
  /** What this Aether knows; a backup of an older one is brought up to it. */
  readonly migrations: readonly Migration[]
}

/** Rows, and characters, that go to Postgres at once. */
const BATCH_ROWS = 500
const BATCH_CHARS = 4_000_000

/**
 * Puts a backup into an empty database, in one transaction: afterwards everything is there, or nothing. The file is
 * read from end to end before anything is touched. Throws StartFault for a backup that is damaged or of a newer
 * Aether, and for a database that is not empty.
 */
export async function restoreBackup(options: RestoreOptions): Promise<{ head: Head; rows: number }> {
  const checked = await checkBackup(options.path)
  const then = migrationsOf(checked.head, options.migrations)
  const sql = openPool(options.url, { max: 1, name: 'aether-restore' })
  try {
    await sql.begin(async (tx) => {
      await lockMigrations(tx)
      await refuseUnlessEmpty(tx)
      await applyMigrations(tx, then)
      await fill(tx, options.path)
      await continueIdentities(tx)
      await applyMigrations(tx, options.migrations)
    })
  } finally {
    await sql.end({ timeout: 1 })
  }
  return checked
}

/** The migrations that the data had been through when it was backed up. */
function migrationsOf(head: Head, known: readonly Migration[]): Migration[] {
  return head.migrations.map((hash) => {
    const migration = known.find((one) => one.hash === hash)
    if (migration) return migration
    throw new StartFault(
      `The backup was made by Aether ${head.version}, with a schema that this version does not know. Restore it with that version or a newer one.`,
    )
  })
}

async function refuseUnlessEmpty(tx: postgres.TransactionSql): Promise<void> {
  const [row] = await tx<{ tables: number }[]>`
    select count(*)::int as tables from pg_class
    where relkind in ('r', 'p') and relnamespace in
      (select oid from pg_namespace where nspname in ('public', 'drizzle'))`
  if (row?.tables === 0) return
  throw new StartFault(
    'The database is not empty, and a backup is restored into an empty one alone. Set another DATA_DIR (or move that folder away), or make a new database and name it in DATABASE_URL.',
  )
}

async function fill(tx: postgres.TransactionSql, path: string): Promise<void> {
  const shapes = new Map((await tablesOf(tx)).map((shape) => [shape.name, shape]))
  let insert = ''
  let batch: string[] = []
  let chars = 0
  const flush = async () => {
    if (batch.length > 0) await tx.unsafe(insert, [`[${batch.join(',')}]`])
    batch = []
    chars = 0
  }
  for await (const line of linesOf(path)) {
    const entry = toEntry(line)
    if (entry.kind === 'table') {
      await flush()
      insert = insertOf(entry.table, shapes.get(entry.table.table))
    } else if (entry.kind === 'row') {
      batch.push(entry.text)
      chars += entry.text.length
      if (batch.length >= BATCH_ROWS || chars >= BATCH_CHARS) await flush()
    }
  }
  await flush()
}

function insertOf({ table, columns }: Table, shape: TableShape | undefined): string {
  const types = columns.map((column) => shape?.columns.find(({ name }) => name === column)?.type)
  if (types.includes(undefined))
    throw new StartFault(`The backup holds a table or column that its schema does not have (${table}).`)
  const values = types.map((type, i) => `(row ->> ${i})::${type}`).join(', ')
  return `insert into ${quoted(table)} (${columns.map(quoted).join(', ')}) overriding system value
    select ${values} from jsonb_array_elements($1::text::jsonb) as row`
}

/** Numbers that Postgres gives out go on after the largest that is there. */
async function continueIdentities(tx: postgres.TransactionSql): Promise<void> {
  for (const { name, columns } of await tablesOf(tx))
    for (const column of columns)
      if (column.identity)
        await tx.unsafe(
          `select setval(pg_get_serial_sequence($1, $2), coalesce(max(${quoted(column.name)}), 0) + 1, false)
          from ${quoted(name)}`,
          [quoted(name), column.name],
        )
}
