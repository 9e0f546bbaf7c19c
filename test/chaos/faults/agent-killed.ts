import type { Replicated } from '../../harness/replicas.ts'
import { type Fault, inParallel, sleep } from '../fault.ts'
import { judge, type Verdict } from '../judge.ts'
import { sayVerdict, sumOf, wave } from '../waves.ts'
import { openWorld } from '../world.ts'

/** Each service, and how many worlds share its kills. */
const KILLED: readonly (readonly [Replicated, number])[] = [
  ['architect', 1],
  ['ds_orchestrator', 1],
  ['ds_analysts', 1],
  ['sandbox_runner', 1],
]
const WITHIN_MS = 1_200
/** How long it is away: as long as what looks after it needs to see that it has gone. */
const AWAY_MS = 200

/** `kill -9` of each service behind the gateway. */
export const agentKilled: Fault = {
  id: 'F2',
  title: 'kill -9 of architect, ds_orchestrator, ds_analysts, sandbox_runner mid-task',
  async run({ full, say }) {
    const count = full ? 50 : 2
    const verdicts: Verdict[] = []
    const retold: string[] = []
    await Promise.all(
      KILLED.map(([service, worlds]) =>
        inParallel(count, worlds, async (rounds) => {
          const world = await openWorld({ count: 1, sandbox: service === 'sandbox_runner' })
          let errors = 0
          try {
            for (let i = 0; i < rounds; i++) {
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
          say(`F2: ${rounds} kills of ${service}`)
        }),
      ),
    )
    const verdict = sumOf(verdicts)
    return {
      did: `${count} kills of each of ${KILLED.length} services, 3 questions at work`,
      saw: `${sayVerdict(verdict)}; typed errors that a client saw: ${retold.join(', ')}`,
      violations: verdict.violations,
    }
  },
}
