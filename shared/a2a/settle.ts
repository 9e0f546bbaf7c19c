import { TaskState } from '@a2a-js/sdk'
import type { Now } from '../domain/ids.ts'
import type { ServiceName } from '../domain/names.ts'
import { AetherError } from '../errors/aether-error.ts'
import { deadlineSignal } from '../http/deadline.ts'
import { stateChange } from './encode.ts'
import { isEnd, isWaiting } from './protocol.ts'
import type { TaskRef, TaskSnapshot, TaskStore } from './task-store.ts'

/** How long a cancel waits for the one who runs the task, before it writes the end itself. */
const CANCEL_WAIT_MS = 2_000

/**
 * Waits until the task has ended or waits for its caller, or the signal aborts, and gives it as it then stands. Throws
 * TASK_NOT_FOUND.
 */
export async function settled(tasks: TaskStore, ref: TaskRef, signal: AbortSignal): Promise<TaskSnapshot> {
  const over = new AbortController()
  const stop = () => over.abort()
  signal.addEventListener('abort', stop, { once: true })
  if (signal.aborted) stop()
  try {
    const stream = await tasks.open(ref, 'now', over.signal)
    const state = stream?.snapshot.task.status?.state
    if (stream && (isEnd(state) || isWaiting(state))) return stream.snapshot
    const items = stream?.items[Symbol.asyncIterator]()
    while (items && !(await items.next()).done);
    const snapshot = await tasks.read(ref)
    if (!snapshot) throw new AetherError('TASK_NOT_FOUND')
    return snapshot
  } finally {
    signal.removeEventListener('abort', stop)
    // A stream that is not read must not be kept open for its reader.
    stop()
  }
}

/**
 * After a cancel was asked for: the task as it ended, in whatever way that was. Where nobody runs it any more, the
 * end is written here, by compare-and-set like any other.
 */
export async function endCancelled(
  deps: { readonly tasks: TaskStore; readonly now: Now; readonly service: ServiceName },
  ref: TaskRef,
): Promise<TaskSnapshot> {
  const { tasks, now, service } = deps
  const wait = deadlineSignal({ maxMs: CANCEL_WAIT_MS })
  try {
    let snapshot = await settled(tasks, ref, wait.signal)
    while (!isEnd(snapshot.task.status?.state)) {
      const { id: taskId, contextId } = snapshot.task
      const at = new Date(now()).toISOString()
      const envelope = { taskId, contextId, number: snapshot.generation + 1, at, service }
      await tasks.append(ref, snapshot.generation, [stateChange(envelope, TaskState.TASK_STATE_CANCELED)])
      // Lost to another write or not: what is stored decides.
      const stored = await tasks.read(ref)
      if (!stored) throw new AetherError('TASK_NOT_FOUND')
      snapshot = stored
    }
    return snapshot
  } finally {
    wait.dispose()
  }
}
