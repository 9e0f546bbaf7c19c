import { openDurableSides } from './durable-sides.ts'
import { type Contender, compareToFloor, type Ratio } from './rounds.ts'
import type { Say } from './sdk-server.ts'

const SHORT = 50
const LONG = 2_000

/**
 * Cost of one streamed event with tasks in Postgres, in a short and in a long answer (target P4 with durability on),
 * ours and the official SDK's; milliseconds are for one event. The SDK's long answers take seconds: three rounds.
 */
export async function benchDurableStream(): Promise<Ratio[]> {
  const sides = await openDurableSides()
  // One long answer for each 40 short ones, so that every turn moves the same number of events.
  const short = (say: Say) => async () => {
    for (let i = 0; i < LONG / SHORT; i++) await say(SHORT)
  }
  const both = (name: string, say: Say | null): Contender[] =>
    say
      ? [
          { name: `event of ${SHORT}, ${name}`, run: short(say), units: LONG },
          { name: `event of ${LONG}, ${name}`, run: () => say(LONG), units: LONG },
        ]
      : []
  try {
    const [floor, ...ours] = both('one process, Postgres', sides.durable)
    if (!floor) return []
    const named = { ...floor, name: `floor: ${floor.name}` }
    const http = both('HTTP, Postgres', sides.durableHttp)
    const rows = await compareToFloor(named, [...ours, ...http], { rounds: 9, calls: 2 })
    const sdk = both("the SDK's, HTTP, Postgres", sides.sdkDurable)
    const [, ...beside] = sdk.length > 0 ? await compareToFloor(named, sdk, { rounds: 3, calls: 1 }) : []
    return [...rows, ...beside]
  } finally {
    await sides.close()
  }
}
