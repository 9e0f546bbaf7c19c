import { openPool } from '../../shared/storage/db.ts'
import { ask, newTag } from './client.ts'
import { until } from './until.ts'
import { askPatiently } from './waves.ts'
import type { World } from './world.ts'

/** A named moment in the life of a run. */
export interface KillPoint {
  readonly name: string
  /** Brings one question to this moment, has `kill` done to its gateway, and asks on until it is answered. */
  reach(world: World, kill: () => Promise<void>): Promise<void>
}

/** Locks on which a write of the gateway can be made to wait: a trigger takes the one, we hold it. */
const CLAIM = 7_001
const FINISH = 7_002

export const KILL_POINTS: readonly KillPoint[] = [
  {
    name: 'after the message is stored, before the run is taken',
    reach: (world, kill) => atWrite(world, CLAIM, "old.state = 'queued' and new.state = 'running'", kill),
  },
  {
    name: 'before the model is called',
    async reach(world, kill) {
      const tag = newTag()
      const asking = note(world, tag)
      await reached(() => hasRun(world, tag, 'running'))
      await kill()
      await asking
      await askPatiently(world, { tag })
    },
  },
  {
    name: 'in the middle of the answer',
    async reach(world, kill) {
      const tag = newTag()
      const stalled = world.model.stallNext('synthesise')
      const asking = note(world, tag)
      await stalled
      await kill()
      await asking
      await askPatiently(world, { tag })
    },
  },
  {
    name: 'before the answer is stored',
    reach: (world, kill) => atWrite(world, FINISH, "new.state = 'completed'", kill),
  },
  {
    name: 'after the answer is stored, before it is sent',
    async reach(world, kill) {
      const tag = newTag()
      world.team.link('gateway').set('held')
      const asking = note(world, tag)
      await reached(() => hasRun(world, tag, 'completed'))
      await kill()
      world.team.link('gateway').cut()
      world.team.link('gateway').set('none')
      await asking
      await askPatiently(world, { tag })
    },
  },
]

async function note(world: World, tag: string): Promise<void> {
  world.asked.push(await ask(world.team, tag))
}

/** Has the gateway wait in the write that meets the condition, and kills it there. */
async function atWrite(world: World, lock: number, condition: string, kill: () => Promise<void>) {
  const { sql } = world
  const session = openPool(world.adminUrl, { max: 1 })
  const tag = newTag()
  const name = `chaos_${lock}`
  try {
    await session.unsafe(`
      create or replace function ${name}() returns trigger language plpgsql as
        $$ begin perform pg_advisory_xact_lock_shared(${lock}); return new; end $$;
      create trigger ${name} before update on runs for each row when (${condition}) execute function ${name}();`)
    await session`select pg_advisory_lock(${lock})`
    const asking = note(world, tag)
    await reached(async () => {
      const [row] = await sql<{ n: number }[]>`
        select count(*)::int as n from pg_locks where locktype = 'advisory' and objid = ${lock} and not granted`
      return row?.n === 1
    })
    await kill()
    await session`select pg_advisory_unlock(${lock})`
    await session.unsafe(`drop trigger ${name} on runs`)
    await asking
  } finally {
    await session.end({ timeout: 1 })
  }
  await askPatiently(world, { tag })
}

async function hasRun({ sql }: World, tag: string, state?: string): Promise<boolean> {
  const [row] = await sql<{ n: number }[]>`
    select count(*)::int as n from runs r join messages m on m.run_id = r.id
    where m.content like ${`%[${tag}]%`} and (${state ?? null}::text is null or r.state = ${state ?? null})`
  return (row?.n ?? 0) > 0
}

async function reached(holds: () => Promise<boolean>): Promise<void> {
  if (!(await until(holds, { ms: 30_000 }))) throw new Error('the moment did not come within 30 s')
}
