import { setTimeout as sleep } from 'node:timers/promises'
import type { Asked } from './client.ts'
import { askPatiently } from './waves.ts'
import type { World } from './world.ts'

const MOST_REST_MS = 200

/** Clients that ask one question after the other until they are told to stop. */
export interface Load {
  /** Lets each client have its last answer. Gives all that they saw. */
  stop(): Promise<Asked[]>
}

/** Starts so many clients; `url` is where they ask instead of the team's balancer. */
export function startLoad(world: World, clients: number, url?: string): Load {
  let stopping = false
  const seen: Asked[] = []
  const work = async () => {
    while (!stopping) {
      seen.push(...(await askPatiently(world, url === undefined ? {} : { url, always: true })))
      await sleep(Math.random() * MOST_REST_MS)
    }
  }
  const working = Array.from({ length: clients }, work)
  return {
    async stop() {
      stopping = true
      await Promise.all(working)
      return seen
    },
  }
}
