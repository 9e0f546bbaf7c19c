import { setTimeout as sleep } from 'node:timers/promises'
import type { Replicated } from '../../harness/replicas.ts'
import { allEnded, type Fault } from '../fault.ts'
import { judge } from '../judge.ts'
import type { Verdict } from '../verdict.ts'
import { sayVerdict, sumOf } from '../verdict.ts'
import { wave } from '../waves.ts'

const KILLED: readonly Replicated[] = ['architect', 'ds_orchestrator', 'ds_analysts', 'sandbox_runner']
const WITHIN_MS = 1_200
/** How long it is away: as long as what looks after it needs to see that it has gone. */
const AWAY_MS = 200

/** `kill -9` of each service behind the gateway. */
export const agentKilled: Fault = {
  id: 'F2',
  title: 'kill -9 of architect, ds_orchestrator, ds_analysts, sandbox_runner mid-task',
  async run({ full, say, open, isShared }) {
    const count = full ? 50 : 2
    const verdicts: Verdict[] = []
    const retold: string[] = []
    const killOne = async (service: Replicated) => {
      const world = await open({ count: 1, sandbox: service === 'sandbox_runner' })
      let errors = 0
      try {
        for (let i = 0; i < count; i++) {
          const seen = await wave(world, { questions: 3, withinMs: WITHIN_MS }, async () => {
            await world.team.kill(service, 0)
            await sleep(AWAY_MS)
            await world.team.restart(service, 0)
          })
          errors += seen.flat().filter((one) => one.error !== null).length
        }
        verdicts.push(await judge(world))
      } finally {
        await world.close()
      }
      retold.push(`${service} ${errors}`)
      say(`F2: ${count} kills of ${service}`)
    }
    if (isShared) for (const service of KILLED) await killOne(service)
    else await allEnded(KILLED.map(killOne))
    const verdict = sumOf(verdicts)
    return {
      did: `${count} kills of each of ${KILLED.length} services, 3 questions at work`,
      saw: `${sayVerdict(verdict)}; typed errors that a client saw: ${retold.join(', ')}`,
      violations: verdict.violations,
    }
  },
}
