import { TaskState } from '@a2a-js/sdk'
import type { Log } from '../config/log.ts'
import type { AgentYield } from '../domain/event.ts'
import type { Now } from '../domain/ids.ts'
import type { ServiceName } from '../domain/names.ts'
import type { CallContext } from '../domain/turn.ts'
import { AetherError, toAetherError } from '../errors/aether-error.ts'
import { ERRORS } from '../errors/table.ts'
import { deadlineSignal } from '../http/deadline.ts'
import { abortable } from './abortable.ts'
import {
  type Envelope,
  errorEvent,
  eventChange,
  outputChange,
  stateChange,
  wholeTextChange,
} from './encode.ts'
import type { TaskChange, TaskRef, TaskStore } from './task-store.ts'

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

/** The store took no write: the task ended elsewhere, or another process has it. */
class LostTask extends Error {
  override readonly name = 'LostTask'
}

/**
 * Runs one task to its end and writes what happens to the store, whether anybody reads or not: `result` completes it,
 * `error` and whatever is thrown fail it, a cancel ends it at once. It never throws.
 */
export async function execute<I>(deps: ExecutorDeps<I>, job: Job<I>): Promise<void> {
  const { tasks, now, log } = deps
  const cancelled = new AbortController()
  const budget = deadlineSignal({
    header: job.deadlineMs,
    maxMs: deps.maxMs,
    now,
    parent: cancelled.signal,
  })
  const unwatch = tasks.watchCancel(job.ref, () => cancelled.abort(new AetherError('CANCELLED')))
  const writer = createWriter(deps, job)
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
      if (writer.ended) return
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

interface Writer {
  readonly ended: boolean
  write(item: AgentYield): Promise<void>
  fail(error: AetherError): Promise<void>
}

function createWriter<I>(deps: ExecutorDeps<I>, job: Job<I>): Writer {
  const { tasks, now, service } = deps
  const { ref, contextId } = job
  const streamed: string[] = []
  let length = 0
  let generation = job.generation
  let ended = false

  const envelope = (ahead = 1): Envelope => ({
    taskId: ref.id,
    contextId,
    number: generation + ahead,
    at: new Date(now()).toISOString(),
    service,
  })

  const append = async (changes: readonly TaskChange[]) => {
    const next = await tasks.append(ref, generation, changes)
    if (next === null) throw new LostTask()
    generation = next
  }

  /** The text as it will be read later, before the change that ends the task. */
  const endWith = async (text: string, last: (envelope: Envelope) => TaskChange) => {
    const sent = streamed.join('')
    const whole = text === '' ? sent : text
    const changes =
      whole === '' ? [] : [wholeTextChange(envelope(), whole, whole.startsWith(sent) ? sent.length : 0)]
    ended = true
    await append([...changes, last(envelope(changes.length + 1))])
  }

  return {
    get ended() {
      return ended
    },
    async write(item) {
      switch (item.kind) {
        case 'text': {
          const { delta, offset, origin } = item
          streamed.push(delta)
          length += delta.length
          tasks.emit(ref, { kind: 'text', delta, offset, service: origin ?? service })
          return
        }
        case 'reasoning':
          // Reasoning has no place of its own; the answer's length keeps its pieces in order.
          tasks.emit(ref, {
            kind: 'reasoning',
            delta: item.delta,
            offset: length,
            service: item.origin ?? service,
          })
          return
        case 'output':
          return append([outputChange(envelope(), item)])
        case 'result':
          return endWith(item.text, (at) => eventChange(at, item, TaskState.TASK_STATE_COMPLETED))
        case 'error':
          return endWith('', (at) => eventChange(at, item, TaskState.TASK_STATE_FAILED))
        default:
          return append([eventChange(envelope(), item, TaskState.TASK_STATE_WORKING)])
      }
    },
    async fail(error) {
      if (error.code === 'CANCELLED')
        return endWith('', (at) => stateChange(at, TaskState.TASK_STATE_CANCELED))
      return endWith('', (at) => eventChange(at, errorEvent(error), TaskState.TASK_STATE_FAILED))
    },
  }
}
