import { createPostgresTaskStore } from '../../shared/a2a/postgres/postgres-task-store.ts'
import { openPool } from '../../shared/storage/db.ts'
import { createNotifications } from '../../shared/storage/notifications.ts'
import { openDatabase } from '../harness/database.ts'
import { atOnce, createAgent, log, newId, peerOf, pieces, readAll } from './echo-agent.ts'
import { compareToFloor, type Ratio } from './rounds.ts'

const WORDS = 500

/**
 * What it costs that a task is in Postgres (targets P3 and P4 with durability on), against one insert of the same driver
 * on the same server. The server of the tests does not wait for its disk, so the disk is not in it.
 */
export async function benchDurableHop(): Promise<Ratio[]> {
  const database = await openDatabase()
  const words = createNotifications(database.url, 'bench')
  const sql = openPool(database.url, { max: 1 })
  await sql`create table bench (id text primary key, body jsonb)`
  const tasks = createPostgresTaskStore({
    db: database.db,
    service: 'ds_analysts',
    holder: 'bench',
    now: () => Date.now(),
    log,
    words,
  })
  const url = 'http://bench.internal'
  const memory = peerOf('ds_analysts', url, createAgent('ds_analysts', atOnce))
  const durable = peerOf('ds_analysts', url, createAgent('ds_analysts', atOnce, tasks))
  const talk = peerOf('ds_analysts', url, createAgent('ds_analysts', pieces(WORDS), tasks))
  const talkMemory = peerOf('ds_analysts', url, createAgent('ds_analysts', pieces(WORDS)))
  try {
    return await compareToFloor(
      {
        name: 'floor: one insert, prepared',
        run: () => sql`insert into bench values (${newId('msg')}, ${'{"text":"hi"}'}::text::jsonb)`,
      },
      [
        { name: 'A2A hop in process, tasks in memory', run: () => readAll(memory) },
        { name: 'A2A hop in process, tasks in Postgres', run: () => readAll(durable) },
        { name: `the same with ${WORDS} pieces of text, memory`, run: () => readAll(talkMemory) },
        { name: `the same with ${WORDS} pieces of text, Postgres`, run: () => readAll(talk) },
      ],
      { rounds: 7, calls: 100 },
    )
  } finally {
    await tasks.close()
    await words.close()
    await sql.end({ timeout: 1 })
    await database.drop()
  }
}
