import { sql } from 'drizzle-orm'
import type postgres from 'postgres'
import type { Db } from '../../shared/storage/db.ts'
import { claimStaleRuns } from '../../shared/storage/runs/claim-run.ts'
import type { Pgbench } from './pgbench.ts'
import { type Ratio, ratioOf } from './rounds.ts'

const ROUNDS = 9
const CLIENTS = 8
/** Taken in a turn of each way. */
const TAKEN = 800
const ROWS = 20_000
/** As the sweeper takes them. */
const BATCH = 10

/**
 * Runs taken up in a second by eight at a time, one by one and as the sweeper does, by pgbench's take and update with
 * SKIP LOCKED of a bare queue of as many rows. Here `ratio` is of rates: more is better. Empty without pgbench.
 */
export async function benchTakeUp(db: Db, pool: postgres.Sql, pgbench: Pgbench | null): Promise<Ratio[]> {
  if (pgbench === null) return []
  await fill(db, pool)
  const script = `update queue set state = 'running', holder = 'me', attempts = attempts + 1
where id in (select id from queue where state = 'queued' order by created_at limit 1 for update skip locked) returning *;`
  const ways = [
    {
      name: `floor: pgbench, SKIP LOCKED of ${ROWS} rows`,
      rate: async () => (await pgbench({ script, clients: CLIENTS, transactions: TAKEN })).aSecond,
    },
    { name: 'runs taken up one by one', rate: () => takeUp(db, 1) },
    { name: `runs taken up ${BATCH} at a time`, rate: () => takeUp(db, BATCH) },
  ]
  const rates = ways.map((): number[] => [])
  for (let round = -1; round < ROUNDS; round++)
    for (const [i, way] of ways.entries()) {
      const rate = await way.rate()
      if (round >= 0) rates[i]?.push(rate)
    }
  return ways.map(({ name }, i) => {
    const row = ratioOf(name, rates[i] ?? [], rates[0] ?? [])
    return { ...row, ms: 1_000 / row.ms, counts: { 'a second': Math.round(row.ms) } }
  })
}

/** As many runs that lost their process as a bare queue has rows. */
async function fill(db: Db, pool: postgres.Sql): Promise<void> {
  await db.execute(sql`insert into conversations (id, owner, title, created_at, updated_at)
    values ('conv_takeup', 'bench', '', now(), now())`)
  await db.execute(sql`insert into runs
    (id, owner, conversation_id, state, options, turn, message_hash, analysis_ids, lease_holder, lease_until, created_at)
    select 'run_takeup' || n, 'bench', 'conv_takeup', 'running', '{}', '{"messages": []}', '', '[]', 'gone',
      now() - interval '1 minute', now() - interval '1 minute' + n * interval '1 millisecond'
    from generate_series(1, ${sql.raw(String(ROWS))}) as n`)
  await pool`create table queue (id bigserial primary key, state text not null default 'queued', holder text,
    attempts int not null default 0, created_at timestamptz not null default now())`
  await pool`create index queue_open on queue (created_at) where state = 'queued'`
  await pool.unsafe(
    `insert into queue (created_at) select now() + n * interval '1 millisecond' from generate_series(1, ${ROWS}) as n`,
  )
  await pool`analyze`
}

async function takeUp(db: Db, limit: number): Promise<number> {
  const lease = { holder: 'bench', ms: 600_000 }
  let taken = 0
  const start = performance.now()
  const one = async () => {
    while (taken < TAKEN) {
      const runs = await claimStaleRuns(db, { maxAttempts: 3, maxAgeMs: 3_600_000, limit, except: [], lease })
      if (runs.length === 0) throw new Error('no run was left')
      taken += runs.length
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, one))
  return (taken * 1_000) / (performance.now() - start)
}
