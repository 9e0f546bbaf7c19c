import { setTimeout as sleep } from 'node:timers/promises'
import { openPool } from '../../../shared/storage/db.ts'
import type { Asked } from '../client.ts'
import { type Fault, spread } from '../fault.ts'
import { judge } from '../judge.ts'
import { startLoad } from '../load.ts'
import { type ChaosPostgres, startChaosPostgres } from '../postgres.ts'
import { sayVerdict } from '../verdict.ts'
import { openWorld } from '../world.ts'

/** A request is refused or accepted within this; the rest is for the way there and back on a busy machine. */
const ANSWER_MS = 2_000 + 500
const RECOVERED_MS = 5_000
const CLIENTS = 6

interface Disturbance {
  readonly name: string
  /** Does it and undoes it; the database serves again when it resolves. */
  run(postgres: ChaosPostgres): Promise<void>
}

const DISTURBANCES: readonly Disturbance[] = [
  { name: 'backends ended', run: (postgres) => asAdmin(postgres, endBackends) },
  { name: 'immediate stop and start', run: (postgres) => bounce(postgres, 'immediate', 0) },
  { name: 'kill -9 of the postmaster', run: (postgres) => bounce(postgres, 'kill', 0) },
  { name: '10 s down', run: (postgres) => bounce(postgres, 'immediate', 10_000) },
  { name: 'link that falls silent for 8 s, then breaks', run: halfOpen },
  { name: 'all connections taken for 4 s', run: takeAllConnections },
  { name: 'disk full for 3 s', run: (postgres) => asAdmin(postgres, fillDisk) },
]

/** Everything that can befall a database, again and again, while people ask. */
export const postgresDisturbed: Fault = {
  id: 'F4',
  title: 'Postgres: backends ended, stopped, killed, away, half-open, full',
  async run({ full, say }) {
    const forMs = full ? 300_000 : 45_000
    const postgres = await startChaosPostgres()
    const world = await openWorld({
      count: 1,
      databaseUrl: postgres.url,
      adminUrl: postgres.adminUrl,
      env: { TURN_TIMEOUT_S: '60' },
    })
    const upAt: { name: string; at: number }[] = []
    try {
      const load = startLoad(world, CLIENTS)
      const end = Date.now() + forMs
      for (let i = 0; Date.now() < end || i < DISTURBANCES.length; i++) {
        await sleep(5_000 + Math.random() * 5_000)
        const disturbance = DISTURBANCES[i % DISTURBANCES.length]
        if (!disturbance) break
        say(`F4: ${disturbance.name}`)
        await disturbance.run(postgres)
        upAt.push({ name: disturbance.name, at: Date.now() })
      }
      await sleep(RECOVERED_MS)
      const seen = await load.stop()
      const verdict = await judge(world)
      const { waits, violations } = recoveries(seen, upAt)
      const refused = seen.filter((one) => one.status !== 200)
      return {
        did: `${upAt.length} disturbances in ${Math.round(forMs / 1000)} s, ${CLIENTS} clients`,
        saw: `${sayVerdict(verdict)}; ${refused.length} refusals after ${spread(refused.map((one) => one.ms))}; accepting again after ${spread(waits)}`,
        violations: [...verdict.violations, ...violations, ...lateAnswers(seen)],
      }
    } finally {
      await world.close()
      await postgres.close()
    }
  },
}

/** Nobody is left without a word: 503 in time, or the headers of a stream. */
function lateAnswers(seen: readonly Asked[]): string[] {
  return seen.flatMap((one) => {
    if (one.status === null) return [`${one.tag} was not answered at all`]
    if (one.status !== 200 && one.status !== 503 && one.status !== 429)
      return [`${one.tag} got ${one.status}`]
    return one.ms > ANSWER_MS ? [`${one.tag} got ${one.status} only after ${one.ms} ms`] : []
  })
}

function recoveries(seen: readonly Asked[], upAt: readonly { name: string; at: number }[]) {
  const waits: number[] = []
  const violations: string[] = []
  for (const { name, at } of upAt) {
    const first = Math.min(
      ...seen.filter((one) => one.status === 200 && one.at + one.ms >= at).map((one) => one.at + one.ms),
    )
    const ms = first - at
    if (ms > RECOVERED_MS) violations.push(`${name}: nothing was accepted for ${ms} ms afterwards`)
    if (Number.isFinite(ms)) waits.push(ms)
  }
  return { waits, violations }
}

async function asAdmin(
  postgres: ChaosPostgres,
  work: (sql: ReturnType<typeof openPool>) => Promise<void>,
): Promise<void> {
  const sql = openPool(postgres.adminUrl, { max: 1, name: 'judge' })
  try {
    await work(sql)
  } finally {
    await sql.end({ timeout: 1 })
  }
}

/** Of the team: not those of whoever does or judges this. */
async function endBackends(sql: ReturnType<typeof openPool>): Promise<void> {
  await sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and application_name not in ('judge', 'greedy')`
}

async function bounce(postgres: ChaosPostgres, how: 'kill' | 'immediate', forMs: number): Promise<void> {
  await postgres.down(how)
  await sleep(forMs)
  await postgres.up()
}

async function halfOpen({ link }: ChaosPostgres): Promise<void> {
  link.set('silent')
  await sleep(8_000)
  link.cut()
  link.set('none')
}

/** Those that have a connection lose it, so that they meet a full house. */
async function takeAllConnections(postgres: ChaosPostgres): Promise<void> {
  const all = openPool(postgres.adminUrl, { max: 120, name: 'greedy' })
  const taken = Array.from({ length: 120 }, () => all`select pg_sleep(4)`.catch(() => undefined))
  await sleep(500)
  await asAdmin(postgres, endBackends).catch(() => undefined)
  await Promise.all(taken)
  await all.end({ timeout: 1 })
}

/** Every write of a run meets a full disk. */
async function fillDisk(sql: ReturnType<typeof openPool>): Promise<void> {
  await sql.unsafe(`
    create or replace function chaos_disk_full() returns trigger language plpgsql as
      $$ begin raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$`)
  const tables = ['runs', 'run_events', 'messages', 'a2a_tasks', 'a2a_events']
  for (const table of tables)
    await sql.unsafe(
      `create trigger chaos_disk_full before insert or update on ${table} for each statement execute function chaos_disk_full()`,
    )
  await sleep(3_000)
  for (const table of tables) await sql.unsafe(`drop trigger chaos_disk_full on ${table}`)
}
