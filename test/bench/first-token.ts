import type { ChatClient } from './chat-client.ts'
import { openWays } from './gateway.ts'
import { compareSamples, quantile, type Ratio, sampleRounds } from './rounds.ts'

/**
 * Time to the first content token that the gateway adds (target P2), by what a raw proxy adds in the same round. The
 * model speaks 10 ms after its headers; what it took itself is taken off, so that its timer is not in it. `openWays`
 * says what lies in each way. One client asks again and again with one key, as peers are measured: the gateway looks a
 * key up once in 900 ms, so that its lookup is in the 99th percentile and not in the middle.
 */
export async function benchFirstToken(): Promise<Ratio[]> {
  const { model, direct, raw, stack, utility, architect, close } = await openWays({ keys: 1 })
  const sampled = (client: ChatClient) => ({
    name: client.name,
    sample: async () => {
      const { value, own } = await model.withOwnTime(() => client.stream())
      return (value.at[0] ?? Number.NaN) - value.start - own
    },
  })
  try {
    await model.answer({ firstMs: 10, deltas: 3, paceMs: 0 })
    const ways = [direct, raw, stack, utility, architect]
    const [without = [], ...times] = await sampleRounds(ways.map(sampled), { rounds: 9, calls: 60 })
    const least = without.map((round) => quantile(round, 0.5))
    const added = times.map((rounds) =>
      rounds.map((round, i) => round.map((ms) => ms - (least[i] ?? Number.NaN))),
    )
    const floor = added[0] ?? []
    return added.map((rounds, i) =>
      compareSamples(`${i === 0 ? 'floor: ' : ''}first token by the ${ways[i + 1]?.name}`, rounds, floor),
    )
  } finally {
    await close()
  }
}
