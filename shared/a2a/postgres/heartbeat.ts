import type { Log } from '../../config/log.ts'
import { oneAtATime } from '../../http/one-at-a-time.ts'
import type { HeldTask, HeldTasks } from './held-tasks.ts'

/** Renews the leases of all tasks that a process runs, in one statement, for as long as there are some. */
export interface Heartbeat {
  /** How many tasks there are now. */
  count(tasks: number): void
  stop(): void
}

/** A heartbeat each `everyMs`. What is not renewed, or is to be cancelled, is told. */
export function createHeartbeat(deps: {
  readonly everyMs: number
  readonly held: () => HeldTasks
  readonly renew: (ids: readonly string[]) => Promise<readonly { id: string; cancelled: boolean }[]>
  onLost(held: HeldTask): void
  readonly log: Log
}): Heartbeat {
  let timer: ReturnType<typeof setInterval> | undefined

  const beat = async () => {
    const held = deps.held()
    const before = new Map(held.ids().map((id) => [id, held.byId(id)]))
    const renewed = new Map((await deps.renew([...before.keys()])).map((one) => [one.id, one]))
    for (const [id, task] of before) {
      // It may have ended here meanwhile.
      if (!task || held.byId(id) !== task) continue
      const lease = renewed.get(id)
      if (!lease) deps.onLost(task)
      else if (lease.cancelled && !task.stopped) held.stop(task)
    }
  }

  const beatAlone = oneAtATime(() =>
    beat().catch((error) => deps.log.warn('leases were not renewed', { error })),
  )

  const stop = () => {
    clearInterval(timer)
    timer = undefined
  }
  return {
    count(tasks) {
      if (tasks === 0) stop()
      else timer ??= setInterval(beatAlone, deps.everyMs)
    },
    stop,
  }
}
