import { setTimeout as sleep } from 'node:timers/promises'
import { type Fault, spread } from '../fault.ts'
import { judge } from '../judge.ts'
import { startLoad } from '../load.ts'
import { sayVerdict } from '../verdict.ts'
import { openWorld } from '../world.ts'

const EVERY_MS = 5_000
const CLIENTS = 4
const REPLICAS = 2

/** One of two replicas of some service is killed every five seconds, for minutes. */
export const killedUnderLoad: Fault = {
  id: 'R1',
  title: 'two replicas of each service, one killed every 5 s under load',
  async run({ full, say }) {
    const forMs = full ? 300_000 : 20_000
    const world = await openWorld({ count: REPLICAS })
    const back: number[] = []
    try {
      const load = startLoad(world, CLIENTS)
      const end = Date.now() + forMs
      while (Date.now() < end) {
        const next = sleep(EVERY_MS)
        const service =
          world.team.services[Math.floor(Math.random() * world.team.services.length)] ?? 'gateway'
        const replica = Math.floor(Math.random() * REPLICAS)
        await world.team.kill(service, replica)
        const since = Date.now()
        await world.team.restart(service, replica)
        back.push(Date.now() - since)
        await next
      }
      say(`R1: ${back.length} kills`)
      await load.stop()
      const verdict = await judge(world)
      return {
        did: `${back.length} kills in ${Math.round(forMs / 1000)} s, ${CLIENTS} clients`,
        saw: `${sayVerdict(verdict)}; a killed process was ready again after ${spread(back)}`,
        violations: verdict.violations,
      }
    } finally {
      await world.close()
    }
  },
}
