import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Deployment } from '../harness/deployment.ts'
import { oneProcess } from '../harness/one-process.ts'
import { openLargeHome } from './large-home.ts'
import { median, quantile, type Ratio, waitForQuiet } from './rounds.ts'

const SIZE = { entities: 10_000, statistics: 10, hours: 48 }
const ROUNDS = 9
/** Over all rounds the storm lasts a minute. */
const STORM_MS = 60_000 / ROUNDS
const CALM_MS = 3_000

/**
 * Chat while 1,000 events a second come in for a minute (target P10): in turns with calm, each round's chats against the
 * calm ones of the same round. Also what the storm left in memory, and what it dropped.
 */
export async function benchStorm(): Promise<Ratio[]> {
  const { home, setWeather, close } = await openLargeHome(SIZE)
  const deployment = await oneProcess.start({ home, homeHealth: home.health, sandbox: false })
  const chats = async (ms: number) => {
    const times: number[] = []
    for (const end = performance.now() + ms; performance.now() < end; )
      times.push(await timeOfChat(deployment))
    return times
  }
  try {
    await chats(CALM_MS)
    const before = home.health().live
    const rounds: { calm: number[]; storm: number[]; megabytes: number }[] = []
    let stormed = 0
    for (let round = 0; round < ROUNDS; round++) {
      setWeather('calm')
      await waitForQuiet()
      const calm = await chats(CALM_MS)
      setWeather('storm')
      const start = performance.now()
      const storm = await chats(STORM_MS)
      stormed += performance.now() - start
      rounds.push({ calm, storm, megabytes: heapMegabytes() })
    }
    const { received, coalesced, dropped } = home.health().live
    const all = received - before.received
    const [first, last] = [rounds[0], rounds.at(-1)].map((round) => round?.megabytes ?? Number.NaN)
    console.log(
      `  storm: ${all} changes in ${(stormed / 1000).toFixed(0)} s (${((all / stormed) * 1000).toFixed(0)} a second), ${coalesced - before.coalesced} coalesced, ${dropped - before.dropped} dropped; ${first?.toFixed(0)} MB of heap after the first round, ${last?.toFixed(0)} MB after the last`,
    )
    return [toRow('floor: chat, calm', rounds, 'calm'), toRow('chat, 1,000 events a second', rounds, 'storm')]
  } finally {
    setWeather('calm')
    await deployment.stop()
    await close()
  }
}

/** What is really in use: garbage that is not yet collected says nothing. */
function heapMegabytes(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  return process.memoryUsage().heapUsed / 2 ** 20
}

async function timeOfChat(deployment: Pick<Deployment, 'fetch'>): Promise<number> {
  const start = performance.now()
  const response = await deployment.fetch('/api/v1/chat/completions', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      model: 'aether/architect',
      messages: [{ role: 'user', content: 'Is the motion 4 light on?' }],
    }),
  })
  if (!response.ok) throw new Error(`${response.status}`)
  await response.text()
  return performance.now() - start
}

function toRow(
  name: string,
  rounds: readonly { readonly calm: readonly number[]; readonly storm: readonly number[] }[],
  of: 'calm' | 'storm',
): Ratio {
  const middle = (times: readonly number[]) => quantile(times, 0.5)
  const ratios = rounds.map((round) => middle(round[of]) / middle(round.calm)).toSorted((a, b) => a - b)
  const times = rounds.flatMap((round) => round[of])
  return {
    name,
    ratio: median(ratios),
    least: ratios[0] ?? Number.NaN,
    largest: ratios.at(-1) ?? Number.NaN,
    ms: middle(times),
    p99: quantile(times, 0.99),
  }
}
