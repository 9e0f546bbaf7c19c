import type { Asked } from './client.ts'
import { askPatiently } from './waves.ts'
import type { World } from './world.ts'

/** Clients that ask one question after the other until they are told to stop. */
export interface Load {
  /** Lets each client have its last answer. Gives all that they saw. */
  stop(): Promise<Asked[]>
}

/** Starts so many clients; `pauseMs` is what each rests between two questions, `url` where it asks instead of the team's balancer. */
export function startLoad(world: World, clients: number, pauseMs = 100, url?: string): Load {
  let stopping = false
  const seen: Asked[] = []
  const work = async () => {
    while (!stopping) {
      seen.push(...(await askPatiently(world, url === undefined ? {} : { url, always: true })))
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 2 * pauseMs))
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
