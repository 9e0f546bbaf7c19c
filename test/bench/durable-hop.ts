import { openPool } from '../../shared/storage/db.ts'
import { openDurableSides } from './durable-sides.ts'
import { newId } from './echo-agent.ts'
import { compareToFloor, type Ratio } from './rounds.ts'
import type { Say } from './sdk-server.ts'

/**
 * What it costs that a task is in Postgres (target P3 with durability on), ours and the official SDK's, against one
 * commit of our driver on the same server, which waits for its disk.
 */
export async function benchDurableHop(): Promise<Ratio[]> {
  const sides = await openDurableSides()
  const sql = openPool(sides.url, { max: 1 })
  await sql`create table bench (id text primary key, body jsonb)`
  const hop = (name: string, say: Say | null) => (say ? [{ name, run: () => say(0) }] : [])
  try {
    return await compareToFloor(
      {
        name: 'floor: one commit',
        run: () => sql`insert into bench values (${newId('msg')}, ${'{"text":"hi"}'}::text::jsonb)`,
      },
      [
        ...hop('A2A hop in process, memory', sides.memory),
        ...hop('A2A hop in process, Postgres', sides.durable),
        ...hop('A2A hop over HTTP, Postgres', sides.durableHttp),
        ...hop("the SDK's server over HTTP, memory", sides.sdkMemory),
        ...hop("the SDK's server over HTTP, Postgres", sides.sdkDurable),
      ],
      { rounds: 9, calls: 60 },
    )
  } finally {
    await sql.end({ timeout: 1 })
    await sides.close()
  }
}
