import type { Log } from '../config/log.ts'
import type { AgentYield } from '../domain/event.ts'
import type { Now } from '../domain/ids.ts'
import type { ServiceName } from '../domain/names.ts'
import type { CallContext } from '../domain/turn.ts'
import { AetherError, toAetherError } from '../errors/aether-error.ts'
import { ERRORS } from '../errors/table.ts'
import { deadlineSignal } from '../http/deadline.ts'
import { abortable } from './abortable.ts'
import type { TaskRef, TaskStore } from './task-store.ts'
import { createTaskWriter, LostTask } from './task-writer.ts'

export interface ExecutorDeps<I> {
  readonly service: ServiceName
  readonly tasks: TaskStore
  readonly now: Now
  readonly log: Log
  /** Longest life of a task in ms, whatever its caller leaves. */
  readonly maxMs: number
  run(input: I, call: CallContext): AsyncIterable<AgentYield>
}

export interface Job<I> {
  readonly ref: TaskRef
  readonly contextId: string
  readonly generation: number
  readonly input: I
  readonly user: string
  readonly messageId: string
  readonly traceparent: string
  /** Value of the deadline header. */
  readonly deadlineMs: string | null
}

/**
 * Runs one task to its end and writes what happens to the store, whether anybody reads or not: `result` completes it,
 * `error` and whatever is thrown fail it, a cancel ends it at once. It never throws.
 */
export async function execute<I>(deps: ExecutorDeps<I>, job: Job<I>): Promise<void> {
  const { tasks, log } = deps
  const budget = deadlineSignal({ header: job.deadlineMs, maxMs: deps.maxMs })
  const unwatch = tasks.watchCancel(job.ref, () => budget.abort(new AetherError('CANCELLED')))
  const writer = createTaskWriter(deps, job)
  try {
    const call: CallContext = {
      user: job.user,
      messageId: job.messageId,
      deadline: budget.deadline,
      signal: budget.signal,
      traceparent: job.traceparent,
    }
    for await (const item of abortable(deps.run(job.input, call), budget.signal)) {
      await writer.write(item)
      if (writer.ended()) return
    }
    throw new AetherError('INTERNAL', undefined, { cause: new Error('the agent ended without a result') })
  } catch (thrown) {
    if (thrown instanceof LostTask) return
    const error = toAetherError(budget.signal.aborted ? budget.signal.reason : thrown)
    if (ERRORS[error.code].http >= 500)
      log.error('task failed', { task_id: job.ref.id, code: error.code, error })
    await writer.fail(error).catch((fault: unknown) => {
      if (!(fault instanceof LostTask))
        log.error('task could not be ended', { task_id: job.ref.id, error: fault })
    })
  } finally {
    unwatch()
    budget.dispose()
  }
}
