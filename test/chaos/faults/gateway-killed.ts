import type { Asked } from '../client.ts'
import { type Fault, inParallel, spread } from '../fault.ts'
import { judge } from '../judge.ts'
import { KILL_POINTS } from '../kill-points.ts'
import type { Verdict } from '../verdict.ts'
import { sayVerdict, sumOf } from '../verdict.ts'
import { wave } from '../waves.ts'
import type { World } from '../world.ts'

const SERVING_MS = 3_000
const WORLDS = 3
/** About the length of an answer. */
const WITHIN_MS = 1_200

/** `kill -9` of the gateway, at random moments and at named points. */
export const gatewayKilled: Fault = {
  id: 'F1',
  title: 'kill -9 of the gateway mid-stream',
  async run({ full, say, open, isShared }) {
    const count = full ? 50 : 2
    const worlds = isShared ? 1 : WORLDS
    const verdicts: Verdict[] = []
    const violations: string[] = []
    const serving: number[] = []
    let points = 0
    const kill = async (world: World) => {
      await world.team.kill('gateway', 0)
      const ms = await restartGateway(world)
      serving.push(ms)
      // What an engine takes to notice and to start it again is its own.
      if (ms > SERVING_MS && !isShared) violations.push(`serving only ${ms} ms after the restart`)
    }
    await inParallel(count, worlds, async (rounds, worker) => {
      const world = await open({ count: 1 })
      try {
        for (let i = 0; i < rounds; i++) {
          const seen = await wave(world, { questions: 3, withinMs: WITHIN_MS }, () => kill(world))
          violations.push(...falseEnds(seen.flat()))
        }
        say(`F1: ${rounds} kills at random moments`)
        // Named points need a model and links that we hold.
        const own = isShared ? [] : KILL_POINTS.filter((_, i) => i % Math.min(count, worlds) === worker)
        for (const point of own) {
          await point.reach(world, () => kill(world))
          points++
        }
        verdicts.push(await judge(world))
      } finally {
        await world.close()
      }
    })
    const verdict = sumOf(verdicts)
    return {
      did: `${count} kills at random moments, 3 questions at work, and at ${points} named points`,
      saw: `${sayVerdict(verdict)}; serving again after ${spread(serving)}`,
      violations: [...violations, ...verdict.violations],
    }
  },
}

/** A stream that was cut must not look like one that was whole. */
function falseEnds(asked: readonly Asked[]): string[] {
  return asked.flatMap((one) =>
    one.done && one.error === null && one.text === ''
      ? [`${one.tag} ended without an answer or an error`]
      : [],
  )
}

/** Starts the gateway again; milliseconds until it is ready. */
async function restartGateway({ team }: World): Promise<number> {
  const since = Date.now()
  await team.restart('gateway', 0)
  return Date.now() - since
}
