import { expect, test } from 'vitest'
import { openPool } from '../../../shared/storage/db.ts'
import { migrateDb } from '../../../shared/storage/migrate.ts'
import { readMigrations } from '../../../shared/storage/read-migrations.node.ts'
import { emptyDatabase, withDatabase } from '../../harness/database.ts'

const database = withDatabase()
const migrations = readMigrations()

test('a migrated database has nothing left to apply', async () => {
  expect(await migrateDb(database.url, migrations)).toEqual({ applied: 0 })
})

test('of four processes that start at once on an empty database one migrates and all come through', async () => {
  const url = await emptyDatabase(database)
  const results = await Promise.all([1, 2, 3, 4].map(() => migrateDb(url, migrations)))
  expect(results.map((result) => result.applied).sort()).toEqual([0, 0, 0, migrations.length])
})

test('a migration that fails leaves the database as it was', async () => {
  const url = await emptyDatabase(database)
  const broken = {
    name: 'broken',
    at: 1,
    hash: 'b',
    statements: ['create table one (id int)', 'create tabel two'],
  }
  await expect(migrateDb(url, [broken])).rejects.toThrow('syntax error')
  const sql = openPool(url, { max: 1 })
  const [row] =
    await sql`select to_regclass('one') as one, to_regclass('drizzle.__drizzle_migrations') as book`
  await sql.end()
  expect(row).toEqual({ one: null, book: null })
})

test('further migrations are applied in the order of their making', async () => {
  const url = await emptyDatabase(database)
  const first = { name: 'first', at: 1, hash: 'first', statements: ['create table one (id int)'] }
  const second = {
    name: 'second',
    at: 2,
    hash: 'second',
    statements: ['alter table one add column name text'],
  }
  expect(await migrateDb(url, [first])).toEqual({ applied: 1 })
  expect(await migrateDb(url, [second, first])).toEqual({ applied: 1 })
})

test('a schema that the code does not know is refused with what to do', async () => {
  const url = await emptyDatabase(database)
  const known = { name: 'known', at: 1, hash: 'known', statements: ['select 1'] }
  const newer = { name: 'newer', at: 2, hash: 'newer', statements: ['select 1'] }
  await migrateDb(url, [known, newer])
  await expect(migrateDb(url, [known])).rejects.toThrow(/newer version of Aether.*DATA_DIR/)
  await expect(migrateDb(url, [{ ...known, hash: 'other' }, newer])).rejects.toThrow(
    /another version of Aether/,
  )
})
