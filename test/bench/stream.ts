import { createAgent, overSocket, peerOf, pieces, readAll } from './echo-agent.ts'
import { compareToFloor, type Ratio } from './rounds.ts'

const SHORT = 50
const LONG = 2_000

/**
 * Cost of one streamed event of one hop (target P4), in a short and in a long answer: it must not grow with the length.
 * The floor is the short answer in one process; milliseconds are for one event.
 */
export async function benchStream(): Promise<Ratio[]> {
  const inProcess = (count: number) =>
    peerOf('ds_analysts', 'http://bench.internal', createAgent('ds_analysts', pieces(count)))
  const [short, long] = [inProcess(SHORT), inProcess(LONG)]
  const [far, farLong] = await Promise.all([
    overSocket('ds_analysts', createAgent('ds_analysts', pieces(SHORT))),
    overSocket('ds_analysts', createAgent('ds_analysts', pieces(LONG))),
  ])
  // One long answer for each 40 short ones, so that every turn moves the same number of events.
  const each = (run: () => Promise<void>, times: number) => async () => {
    for (let i = 0; i < times; i++) await run()
  }
  const TIMES = LONG / SHORT
  try {
    return await compareToFloor(
      { name: `floor: event of ${SHORT}, one process`, run: each(() => readAll(short), TIMES), units: LONG },
      [
        { name: `event of ${LONG}, one process`, run: () => readAll(long), units: LONG },
        { name: `event of ${SHORT}, HTTP`, run: each(() => readAll(far.peer), TIMES), units: LONG },
        { name: `event of ${LONG}, HTTP`, run: () => readAll(farLong.peer), units: LONG },
      ],
      { rounds: 9, calls: 4 },
    )
  } finally {
    await Promise.all([far.close(), farLong.close()])
  }
}
