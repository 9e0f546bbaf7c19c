import { sql } from 'drizzle-orm'
import { expect, onTestFinished, test } from 'vitest'
import { createDb, openPool } from '../../../shared/storage/db.ts'
import { prepareStatements } from '../../../shared/storage/prepare-statements.ts'
import { withDatabase } from '../../harness/database.ts'

const database = withDatabase()
/** What the connection has prepared, by its texts; asked for without parameters, so that it is not among them. */
const PREPARED = "select statement from pg_prepared_statements where statement like '%as said%'"

function open(prepare?: boolean) {
  const { db, close } = createDb(database.url, { max: 1, ...(prepare === undefined ? {} : { prepare }) })
  onTestFinished(close)
  return db
}

test('a statement is prepared once, also within transactions, and goes on giving what it should', async () => {
  const db = open()
  const say = (text: string) => sql`select ${text}::text as said`
  expect([...(await db.execute(say('one')))]).toEqual([{ said: 'one' }])
  expect([...(await db.execute(say('two')))]).toEqual([{ said: 'two' }])
  await db.transaction(async (tx) => {
    expect([...(await tx.execute(say('three')))]).toEqual([{ said: 'three' }])
    await tx.transaction(async (inner) => {
      expect([...(await inner.execute(say('four')))]).toEqual([{ said: 'four' }])
    })
  })
  expect(await db.$client.unsafe(PREPARED)).toHaveLength(1)
})

test('a rollback and a fault leave what is prepared usable', async () => {
  const db = open()
  const half = (by: number) => sql`select 10 / ${by}::int as said`
  await expect(db.transaction((tx) => tx.execute(half(0)))).rejects.toThrow()
  expect([...(await db.execute(half(2)))]).toEqual([{ said: 5 }])
})

test('after so many different texts nothing more is prepared', async () => {
  const client = openPool(database.url, { max: 1 })
  onTestFinished(() => client.end())
  const kept = prepareStatements(client, 2)
  for (const extra of ['', ' ', '  ', '']) await kept.unsafe(`select $1::text as said${extra}`, ['x'])
  expect(await client.unsafe(PREPARED)).toHaveLength(2)
})

test('a worker prepares nothing', async () => {
  const db = open(false)
  await db.execute(sql`select ${'x'}::text as said`)
  expect(await db.$client.unsafe(PREPARED)).toHaveLength(0)
})
