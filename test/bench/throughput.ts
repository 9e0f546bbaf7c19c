import { type ChatClient, gapsOf, type SeenStream } from './chat-client.ts'
import { openWays } from './gateway.ts'
import { AT_ONCE, deltaAt } from './model-answer.ts'
import { compareSamples, quantile, type Ratio, ratioOf, waitForQuiet } from './rounds.ts'

const ROUNDS = 9
const AT_A_TIME = 16
/** Enough for 256 runs at a time. */
const KEYS = 26
const WINDOW_MS = 700
const PACED = { firstMs: 10, deltas: 64, paceMs: 20 }

/**
 * Whole answers a second with 16 at a time, and many paced streams at once of which no frame may be lost (target P5),
 * by a raw proxy to the same model. Here `ratio` is of rates: more is better. `openWays` says what lies in each way.
 */
export async function benchThroughput(): Promise<Ratio[]> {
  const { model, raw, stack, utility, architect, close } = await openWays({ keys: KEYS })
  const ways = [raw, stack, utility, architect]
  try {
    await model.answer(AT_ONCE)
    const rates = await rateRounds(ways)
    await model.answer(PACED)
    const rows = [...rates, ...(await streamRounds(ways, 128, ROUNDS)), ...(await streamRounds(ways, 256, 3))]
    return rows
  } finally {
    await close()
  }
}

async function rateRounds(ways: readonly ChatClient[]): Promise<Ratio[]> {
  const rates = ways.map((): number[] => [])
  const times = ways.map((): number[] => [])
  for (let round = -1; round < ROUNDS; round++) {
    if (round >= 0) await waitForQuiet()
    for (const [i, way] of ways.entries()) {
      const { rate, ms } = await load(way)
      if (round < 0) continue
      rates[i]?.push(rate)
      times[i]?.push(...ms)
    }
  }
  return ways.map((way, i) => ({
    ...ratioOf(`${i === 0 ? 'floor: ' : ''}answers, ${way.name}`, rates[i] ?? [], rates[0] ?? []),
    ms: quantile(times[i] ?? [], 0.5),
    p99: quantile(times[i] ?? [], 0.99),
    p99Ratio: quantile(times[i] ?? [], 0.99) / quantile(times[0] ?? [], 0.99),
    counts: { 'a second': Math.round(quantile(rates[i] ?? [], 0.5)) },
  }))
}

/** Keeps so many requests under way for a while. */
async function load(way: ChatClient): Promise<{ rate: number; ms: number[] }> {
  const ms: number[] = []
  const start = performance.now()
  const one = async () => {
    while (performance.now() - start < WINDOW_MS) {
      const asked = performance.now()
      await way.ask()
      ms.push(performance.now() - asked)
    }
  }
  await Promise.all(Array.from({ length: AT_A_TIME }, one))
  return { rate: (ms.length * 1_000) / (performance.now() - start), ms }
}

/** The gaps between the tokens of so many streams at once, and what was lost of them. */
async function streamRounds(ways: readonly ChatClient[], streams: number, rounds: number): Promise<Ratio[]> {
  const gaps = ways.map((): number[][] => [])
  const lost = ways.map(() => 0)
  const joined = ways.map(() => 0)
  for (let round = -1; round < rounds; round++) {
    if (round >= 0) await waitForQuiet()
    for (const [i, way] of ways.entries()) {
      const seen = await Promise.all(Array.from({ length: streams }, () => way.stream()))
      if (round < 0) continue
      gaps[i]?.push(seen.flatMap(gapsOf))
      lost[i] = (lost[i] ?? 0) + sum(seen.map(lostOf))
      joined[i] = (joined[i] ?? 0) + sum(seen.map((each) => PACED.deltas - each.at.length - lostOf(each)))
    }
  }
  return ways.map((way, i) => ({
    ...compareSamples(
      `${i === 0 ? 'floor: ' : ''}gap of ${streams} streams, ${way.name}`,
      gaps[i] ?? [],
      gaps[0] ?? [],
    ),
    counts: { lost: lost[i] ?? 0, 'joined with others': joined[i] ?? 0 },
  }))
}

/** Deltas that are not in the text, in their order; all of a stream that has no end. */
function lostOf({ text, done }: SeenStream): number {
  if (!done) return PACED.deltas
  let from = 0
  let lost = 0
  for (let i = 0; i < PACED.deltas; i++) {
    const at = text.indexOf(deltaAt(i), from)
    if (at === -1) lost++
    else from = at + deltaAt(i).length
  }
  return lost
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
