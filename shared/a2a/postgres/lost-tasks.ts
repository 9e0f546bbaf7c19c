import { TaskState } from '@a2a-js/sdk'
import type { Log } from '../../config/log.ts'
import type { Now } from '../../domain/ids.ts'
import type { ServiceName } from '../../domain/names.ts'
import { AetherError } from '../../errors/aether-error.ts'
import { appendChanges } from '../../storage/a2a-tasks/append-changes.ts'
import type { TaskLease } from '../../storage/a2a-tasks/rows.ts'
import { findLostTasks, purgeTasks } from '../../storage/a2a-tasks/sweep-tasks.ts'
import type { Db } from '../../storage/db.ts'
import { errorEvent, eventChange, stateChange } from '../encode.ts'
import { changeToRow, lastStatus } from './task-rows.ts'

export interface LostTasksDeps {
  readonly db: Db
  readonly service: ServiceName
  readonly lease: TaskLease
  /** Ids of the tasks that this process runs. */
  running(): readonly string[]
  readonly now: Now
  readonly log: Log
  /** Tasks that ended longer ago are removed. */
  readonly keepMs: number
  onChange(id: string): void
}

const BATCH = 50
const PURGE = 500

/**
 * Ends tasks that lost their process: CANCELED where that was asked for, else FAILED with an error that says to try
 * again, and the same message then starts anew. Gives how many. Any process may do it; of several one wins each.
 */
export async function endLostTasks(deps: LostTasksDeps): Promise<number> {
  const { db, service, lease, log } = deps
  const lost = await findLostTasks(db, {
    service,
    limit: BATCH,
    holder: lease.holder,
    running: deps.running(),
  })
  let ended = 0
  for (const { id, owner, contextId, generation, cancelled } of lost) {
    const at = new Date(deps.now()).toISOString()
    const envelope = { taskId: id, contextId, number: generation + 1, at, service }
    const change = cancelled
      ? stateChange(envelope, TaskState.TASK_STATE_CANCELED)
      : eventChange(envelope, errorEvent(gone()), TaskState.TASK_STATE_FAILED)
    const write = `${lease.holder}.lost`
    const key = { service, owner, id }
    const changes = [changeToRow(change)]
    const status = lastStatus([change])
    if (!(await appendChanges(db, { ...key, generation, write, changes, status, by: 'lost', lease })))
      continue
    ended++
    deps.onChange(id)
    log.warn('a task lost its process', { task_id: id, cancelled })
  }
  return ended
}

const gone = () =>
  new AetherError('AGENT_UNAVAILABLE', 'The process that ran this task is gone. Send the message again.')

/** Removes tasks that ended long ago. */
export async function removeOldTasks(deps: LostTasksDeps): Promise<number> {
  return purgeTasks(deps.db, { service: deps.service, keepMs: deps.keepMs, limit: PURGE })
}
