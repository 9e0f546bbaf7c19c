import { TaskState } from '@a2a-js/sdk'
import type { AgentYield } from '../domain/event.ts'
import type { Now } from '../domain/ids.ts'
import type { ServiceName } from '../domain/names.ts'
import type { AetherError } from '../errors/aether-error.ts'
import {
  type Envelope,
  errorEvent,
  eventChange,
  outputChange,
  stateChange,
  wholeTextChange,
} from './encode.ts'
import type { TextDelta } from './protocol.ts'
import type { TaskChange, TaskRef, TaskStore, TaskWrite } from './task-store.ts'

/** The store took no write: the task ended elsewhere, or another process has it. */
export class LostTask extends Error {
  override readonly name = 'LostTask'
}

export interface TaskWriter {
  /** True once the last change is stored or on its way. */
  ended(): boolean
  /**
   * Takes what the agent yields. Resolves at once while the store keeps up, after what ends the task when that is
   * stored. Throws LostTask, and what a write before threw.
   */
  write(item: AgentYield): Promise<void>
  /** Ends the task without a result: CANCELED for a cancel, FAILED with the error as its last event for the rest. */
  fail(error: AetherError): Promise<void>
}

/** The run waits for the store once so many writes are behind. */
const MAX_BEHIND = 64

/**
 * Writes one task: what comes while a write is on its way goes together with the next one, so that the agent never
 * waits for each event to be stored. Text goes past the store unless something before it is still to be stored.
 */
export function createTaskWriter(
  deps: { readonly tasks: TaskStore; readonly now: Now; readonly service: ServiceName },
  job: { readonly ref: TaskRef; readonly contextId: string; readonly generation: number },
): TaskWriter {
  const { tasks, now, service } = deps
  const { ref, contextId } = job
  const streamed: string[] = []
  let length = 0
  /** Of the last change that was taken, stored or not. */
  let number = job.generation
  let stored = job.generation
  let ended = false
  let behind: TaskWrite[] = []
  let flushing: Promise<void> | null = null
  let fault: Error | null = null

  const envelope = (): Envelope => ({
    taskId: ref.id,
    contextId,
    number: ++number,
    at: new Date(now()).toISOString(),
    service,
  })

  const flush = async () => {
    try {
      while (behind.length > 0) {
        const writes = behind
        behind = []
        const next = await tasks.append(ref, stored, writes)
        if (next === null) throw new LostTask()
        stored = next
      }
    } catch (thrown) {
      fault = thrown instanceof Error ? thrown : new Error('the write failed', { cause: thrown })
    } finally {
      // In the same step as the last look at what is behind: what comes after it begins a flush of its own.
      flushing = null
    }
  }

  /** Starts writing what is behind, unless that is under way. */
  const push = (...writes: readonly TaskWrite[]): Promise<void> => {
    behind.push(...writes)
    flushing ??= flush()
    return flushing
  }

  const put = async (change: TaskChange) => {
    const written = push(change)
    if (behind.length >= MAX_BEHIND) await written
  }

  const say = (delta: TextDelta) => {
    if (flushing) behind.push(delta)
    else tasks.emit(ref, delta)
  }

  const settle = async (writes: readonly TaskChange[]) => {
    if (fault instanceof LostTask) throw fault
    // After an outage the end is tried once more: a task without one would look as if it ran.
    fault = null
    await push(...writes)
    if (fault) throw fault
  }

  /** The text as it will be read later, before the change that ends the task. */
  const endWith = async (text: string, last: (envelope: Envelope) => TaskChange) => {
    const sent = streamed.join('')
    const whole = text === '' ? sent : text
    const changes =
      whole === '' ? [] : [wholeTextChange(envelope(), whole, whole.startsWith(sent) ? sent.length : 0)]
    ended = true
    await settle([...changes, last(envelope())])
  }

  return {
    ended: () => ended,
    async write(item) {
      if (fault) throw fault
      switch (item.kind) {
        case 'text': {
          const { delta, offset, origin } = item
          streamed.push(delta)
          length += delta.length
          return say({ kind: 'text', delta, offset, service: origin ?? service })
        }
        case 'reasoning':
          // Reasoning has no place of its own; the answer's length keeps its pieces in order.
          return say({
            kind: 'reasoning',
            delta: item.delta,
            offset: length,
            service: item.origin ?? service,
          })
        case 'output':
          return put(outputChange(envelope(), item))
        case 'result':
          return endWith(item.text, (at) => eventChange(at, item, TaskState.TASK_STATE_COMPLETED))
        case 'error':
          return endWith('', (at) => eventChange(at, item, TaskState.TASK_STATE_FAILED))
        default:
          return put(eventChange(envelope(), item, TaskState.TASK_STATE_WORKING))
      }
    },
    async fail(error) {
      if (error.code === 'CANCELLED')
        return endWith('', (at) => stateChange(at, TaskState.TASK_STATE_CANCELED))
      return endWith('', (at) => eventChange(at, errorEvent(error), TaskState.TASK_STATE_FAILED))
    },
  }
}
