import { sql } from 'drizzle-orm'
import { createPostgresStepStore } from '../../shared/steps/postgres-step-store.ts'
import { openSteps } from '../../shared/steps/step-log.ts'
import { type Db, openPool } from '../../shared/storage/db.ts'
import { openDurableDatabase } from './durable-database.ts'
import { log, newId } from './echo-agent.ts'
import { findPgbench, type Pgbench } from './pgbench.ts'
import { compareSamples, compareToFloor, type Measured, type Ratio, sampleRounds } from './rounds.ts'
import { openRunStart } from './run-start.ts'
import { benchTakeUp } from './take-up.ts'

const ROUNDS = 9
/** About what a call of the model leaves to be kept. */
const OUTPUT = { text: 'word '.repeat(100), toolCalls: [] }

/**
 * What durable work costs (target P7) on a Postgres that waits for its disk: from an accepted turn to the start of its
 * agent, a kept step, and taking up runs that lost their process. Floors are one commit of the same server, by our
 * driver and by pgbench.
 */
export async function benchDurable(): Promise<Ratio[]> {
  const database = await openDurableDatabase()
  const pool = openPool(database.url, { max: 1 })
  const pgbench = await findPgbench(database.url)
  await pool`create table bench (id text primary key, body jsonb)`
  const commit = () =>
    pool`insert into bench values (${newId('msg')}, ${JSON.stringify(OUTPUT)}::text::jsonb)`
  try {
    return [
      ...(await benchStart(database.db, commit)),
      ...(await benchStep(database.db, commit, pgbench)),
      ...(await benchTakeUp(database.db, pool, pgbench)),
    ]
  } finally {
    await pool.end({ timeout: 1 })
    await database.close()
  }
}

async function benchStart(db: Db, commit: () => Promise<unknown>): Promise<Ratio[]> {
  const runs = openRunStart(db)
  const timed = async () => {
    const start = performance.now()
    await commit()
    return performance.now() - start
  }
  const ways = [
    { name: 'floor: one commit', sample: timed },
    {
      name: 'accepted turn to the start of its agent',
      sample: async () => (await runs.start()).fromAccepted,
    },
    { name: 'turn to the start of its agent', sample: async () => (await runs.start()).fromAsked },
  ]
  const times = await sampleRounds(ways, { rounds: ROUNDS, calls: 60 })
  await runs.stop()
  return ways.map(({ name }, i) => compareSamples(name, times[i] ?? [], times[0] ?? []))
}

async function benchStep(db: Db, commit: () => Promise<unknown>, pgbench: Pgbench | null): Promise<Ratio[]> {
  const runId = newId('run')
  await db.execute(
    sql`insert into conversations (id, owner, title, created_at, updated_at) values (${runId}, 'bench', '', now(), now())`,
  )
  await db.execute(sql`insert into runs (id, owner, conversation_id, state, options, message_hash, analysis_ids, created_at)
    values (${runId}, 'bench', ${runId}, 'completed', '{}', '', '[]', now())`)
  const steps = openSteps(
    'architect',
    { messageId: `${runId}.1` },
    { store: createPostgresStepStore(db), log },
  )
  const keep = async () => {
    await steps?.next('model converse')
    await steps?.done('model converse', OUTPUT)
  }
  const script = `\\set id random(1, 9000000000000000000)
insert into bench values ('p' || :id, '${JSON.stringify(OUTPUT)}'::text::jsonb) on conflict do nothing;`
  const byPgbench: Measured[] = pgbench
    ? [
        {
          name: 'the same commit by pgbench',
          mean: async (calls) => (await pgbench({ script, clients: 1, transactions: calls })).ms,
        },
      ]
    : []
  const rows = await compareToFloor(
    { name: 'floor: one commit', run: commit },
    [{ name: 'a kept step', run: keep }, ...byPgbench],
    { rounds: ROUNDS, calls: 150 },
  )
  return rows
}
