import type postgres from 'postgres'
import { AetherError } from '../errors/aether-error.ts'
import { openPool } from './db.ts'

/** One generated migration: `at` orders them, `hash` tells whether two are the same. */
export interface Migration {
  readonly name: string
  /** Epoch ms of its making. */
  readonly at: number
  readonly hash: string
  readonly statements: readonly string[]
}

/** Any number; the same for everybody who migrates this schema. */
const LOCK = 727_274

/**
 * Brings a database up to the given migrations, in one transaction under an advisory lock, so that of several
 * processes one migrates and the others find it done. Its book is the table that drizzle-kit keeps too. Throws
 * STORAGE_UNAVAILABLE, with what to do, when the database has a migration that is not among the given ones.
 */
export async function migrateDb(url: string, migrations: readonly Migration[]): Promise<{ applied: number }> {
  const sql = openPool(url, { max: 1 })
  try {
    return await sql.begin(async (tx) => {
      await lockMigrations(tx)
      return applyMigrations(tx, migrations)
    })
  } finally {
    await sql.end({ timeout: 2 })
  }
}

/** Keeps everybody else from migrating until the transaction ends. */
export async function lockMigrations(tx: postgres.TransactionSql): Promise<void> {
  await tx`select pg_advisory_xact_lock(${LOCK})`
}

/** Keeps everybody else from migrating until `allowMigrations`, or the end of the connection. */
export async function holdMigrations(connection: postgres.ISql): Promise<void> {
  await connection`select pg_advisory_lock(${LOCK})`
}

/** Ends `holdMigrations`. */
export async function allowMigrations(connection: postgres.ISql): Promise<void> {
  await connection`select pg_advisory_unlock(${LOCK})`
}

/** Brings a database up to the given migrations within a transaction that holds the lock. */
export async function applyMigrations(
  tx: postgres.TransactionSql,
  migrations: readonly Migration[],
): Promise<{ applied: number }> {
  await tx`create schema if not exists drizzle`
  await tx`create table if not exists drizzle.__drizzle_migrations
    (id serial primary key, hash text not null, created_at bigint)`
  const done = await tx<{ hash: string; at: string }[]>`
    select hash, created_at::text as at from drizzle.__drizzle_migrations order by created_at`
  refuseUnknown(done, migrations)
  const missing = migrations.filter(({ hash }) => !done.some((row) => row.hash === hash))
  for (const { statements, hash, at } of missing.toSorted((a, b) => a.at - b.at)) {
    for (const statement of statements) await tx.unsafe(statement)
    await tx`insert into drizzle.__drizzle_migrations (hash, created_at) values (${hash}, ${at})`
  }
  return { applied: missing.length }
}

function refuseUnknown(
  done: readonly { hash: string; at: string }[],
  migrations: readonly Migration[],
): void {
  const known = new Set(migrations.map((migration) => migration.hash))
  const stranger = done.find((row) => !known.has(row.hash))
  if (!stranger) return
  const newest = Math.max(...migrations.map((migration) => migration.at))
  throw new AetherError(
    'STORAGE_UNAVAILABLE',
    Number(stranger.at) > newest
      ? 'The database was made by a newer version of Aether. Start that version, or use another DATA_DIR or DATABASE_URL.'
      : 'The database was made by another version of Aether, with a schema that this one does not know. Start that version, or use another DATA_DIR or DATABASE_URL.',
  )
}
