import { until } from '../../../infrastructure/node/postgres/server-process.ts'
import type { Replicated } from '../../harness/replicas.ts'
import type { Asked } from '../client.ts'
import { type Fault, spread } from '../fault.ts'
import { startFront } from '../front.ts'
import { judge } from '../judge.ts'
import { startLoad } from '../load.ts'
import { sayVerdict } from '../verdict.ts'
import { openWorld, type World } from '../world.ts'

/** Grace for running answers, and what closing takes after it. */
const END_MS = 10_000 + 2_000
const CLIENTS = 4
const REPLICAS = 2

/** SIGTERM to each process of each service in turn, under load, as an upgrade does. */
export const rollingRestart: Fault = {
  id: 'F10',
  title: 'SIGTERM under load; rolling restart of all services',
  async run({ full, say }) {
    const rounds = full ? 20 : 1
    const world = await openWorld({ count: REPLICAS })
    const front = await startFront(world.team.direct.gateway)
    const ends: number[] = []
    const violations: string[] = []
    try {
      const load = startLoad(world, CLIENTS, front.url)
      for (let round = 0; round < rounds; round++) {
        for (const service of world.team.services)
          for (let replica = 0; replica < REPLICAS; replica++) {
            const { ms, code } = await roll(world, service, replica)
            ends.push(ms)
            if (code !== 0) violations.push(`${service} ended with ${code}`)
            if (ms > END_MS) violations.push(`${service} took ${ms} ms to end`)
          }
        say(`F10: round ${round + 1} of ${rounds}`)
      }
      const seen = await load.stop()
      const verdict = await judge(world)
      return {
        did: `${rounds} rolling restarts of ${world.team.services.length} services × ${REPLICAS}, ${CLIENTS} clients through a front proxy`,
        saw: `${sayVerdict(verdict)}; ${ends.length} processes ended after ${spread(ends)}, all with code 0; ${handedOver(seen)} streams were handed over with server_shutdown`,
        violations: [...violations, ...verdict.violations, ...failedRequests(seen)],
      }
    } finally {
      await front.close()
      await world.close()
    }
  },
}

async function roll({ team }: World, service: Replicated, replica: number) {
  const { child } = team.program(service, replica)
  const since = Date.now()
  child.kill('SIGTERM')
  await until(() => child.exitCode !== null || child.signalCode !== null, 30_000)
  const ms = Date.now() - since
  const code = child.exitCode ?? child.signalCode
  await team.restart(service, replica)
  return { ms, code }
}

/** A new request is accepted, whatever is being restarted; what it then hears is an answer, or that it goes on elsewhere. */
function failedRequests(seen: readonly Asked[]): string[] {
  return seen.flatMap((one) => {
    if (one.status !== 200) return [`${one.tag} got ${one.status} ${one.error ?? ''}`]
    if (!one.done) return [`${one.tag} was cut`]
    return one.error === null || one.error === 'server_shutdown' ? [] : [`${one.tag} ended with ${one.error}`]
  })
}

function handedOver(seen: readonly Asked[]): number {
  return seen.filter((one) => one.error === 'server_shutdown').length
}
