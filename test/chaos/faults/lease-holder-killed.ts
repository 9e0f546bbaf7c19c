import { setTimeout as sleep } from 'node:timers/promises'
import { type Fault, inParallel, spread } from '../fault.ts'
import { judge } from '../judge.ts'
import type { Verdict } from '../verdict.ts'
import { sayVerdict, sumOf } from '../verdict.ts'
import { wave } from '../waves.ts'
import type { World } from '../world.ts'

const TAKEN_UP_MS = 15_000
const JOBS = 5
const WORLDS = 2

/** `kill -9` of a gateway that holds leases, while another one lives. */
export const leaseHolderKilled: Fault = {
  id: 'F3',
  title: 'kill -9 of a worker that holds a lease',
  async run({ full, say, open, isShared }) {
    const kills = full ? 20 : 2
    const verdicts: Verdict[] = []
    const waits: number[] = []
    await inParallel(kills, isShared ? 1 : WORLDS, async (rounds) => {
      const world = await open({ count: 2, thinkMs: 300 })
      try {
        for (let i = 0; i < rounds; i++) {
          const victim = isShared ? 0 : i % 2
          let taken: Promise<number[]> = Promise.resolve([])
          const url = world.team.direct.gateway[victim]
          await wave(world, { questions: JOBS, withinMs: 800, url }, async () => {
            await world.team.kill('gateway', victim)
            taken = takenUp(world)
            await world.team.restart('gateway', victim)
          })
          waits.push(...(await taken))
        }
        verdicts.push(await judge(world))
      } finally {
        await world.close()
      }
      say(`F3: ${rounds} kills`)
    })
    const verdict = sumOf(verdicts)
    const late = waits.filter((ms) => ms > TAKEN_UP_MS)
    return {
      did: `${kills * JOBS} jobs at work under ${kills} kills, two gateways`,
      saw: `${sayVerdict(verdict)}; ${waits.length} lost leases taken up after ${spread(waits)}`,
      violations: [
        ...verdict.violations,
        ...late.map((ms) => `a lease was taken up only after ${ms} ms`),
        ...(waits.length === 0 ? ['no kill met a lease'] : []),
      ],
    }
  },
}

/** Milliseconds until each run that is without its process now has another. */
async function takenUp({ sql }: World): Promise<number[]> {
  const since = Date.now()
  const open = await sql<{ id: string; leaseHolder: string; attempts: number }[]>`
    select id, lease_holder as "leaseHolder", attempts from runs where state = 'running'`
  const waits: number[] = []
  const left = new Map(open.map((run) => [run.id, run]))
  while (left.size > 0 && Date.now() - since < 60_000) {
    await sleep(50)
    const now = await sql<{ id: string; leaseHolder: string | null; attempts: number; state: string }[]>`
      select id, lease_holder as "leaseHolder", attempts, state from runs where id in ${sql([...left.keys()])}`
    for (const run of now) {
      const before = left.get(run.id)
      if (before && run.attempts > before.attempts) {
        waits.push(Date.now() - since)
        left.delete(run.id)
      } else if (run.state !== 'running') left.delete(run.id) // it was with the one that lives
    }
  }
  for (const _ of left) waits.push(60_000)
  return waits
}
