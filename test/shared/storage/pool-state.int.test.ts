import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { createDb } from '../../../shared/storage/db.ts'
import { poolState } from '../../../shared/storage/pool-state.ts'
import { withDatabase } from '../../harness/database.ts'

const database = withDatabase()

test('tells the connections of its own name by state, and waits when the pool is used up', async () => {
  const { db, close } = createDb(database.url, { max: 2, name: 'pool-under-test' })
  try {
    let clock = 0
    const now = () => clock++
    const idle = await poolState(db, { name: 'pool-under-test', max: 2, now })
    expect(idle).toMatchObject({ max: 2, waitedMs: 1 })
    expect(idle.bytes).toBeGreaterThan(1_000_000)

    const held = Promise.withResolvers<void>()
    const entered = Promise.withResolvers<void>()
    const holding = db.transaction(async (tx) => {
      await tx.execute(sql`select 1`)
      entered.resolve()
      await held.promise
    })
    await entered.promise
    const busy = await poolState(db, { name: 'pool-under-test', max: 2, now })
    expect(busy.byState).toMatchObject({ active: 1, idle_in_transaction: 1 })
    held.resolve()
    await holding
    expect((await poolState(db, { name: 'another', max: 2, now })).byState.active).toBe(0)
  } finally {
    await close()
  }
})
