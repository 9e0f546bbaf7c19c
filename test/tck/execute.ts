import { TaskState } from '@a2a-js/sdk'
import { agentMessage, textPart } from '../../shared/a2a/protocol.ts'
import type { Begun } from '../../shared/a2a/request-handler.ts'
import type { TaskChange, TaskRef, TaskStore } from '../../shared/a2a/task-store.ts'
import type { Step } from './scripts.ts'

/** Plays a script on a task, change by change; a cancel ends it. */
export async function playScript(
  tasks: TaskStore,
  { ref, snapshot }: Begun,
  script: readonly Step[],
): Promise<void> {
  const stop = new AbortController()
  const unwatch = tasks.watchCancel(ref, () => stop.abort())
  const { contextId } = snapshot.task
  let { generation } = snapshot
  try {
    for (const step of script) {
      if ('waitMs' in step) await pause(step.waitMs, stop.signal)
      if (stop.signal.aborted) {
        await tasks.append(ref, generation, [
          changeOf({ state: TaskState.TASK_STATE_CANCELED }, ref, contextId, generation),
        ])
        return
      }
      if ('waitMs' in step) continue
      const next = await tasks.append(ref, generation, [changeOf(step, ref, contextId, generation)])
      if (next === null) return
      generation = next
    }
  } finally {
    unwatch()
  }
}

function changeOf(
  step: Exclude<Step, { waitMs: number }>,
  ref: TaskRef,
  contextId: string,
  at: number,
): TaskChange {
  const taskId = ref.id
  if ('artifact' in step)
    return {
      $case: 'artifactUpdate',
      value: {
        taskId,
        contextId,
        artifact: {
          artifactId: 'artifact',
          name: 'artifact',
          description: '',
          parts: [step.artifact],
          metadata: undefined,
          extensions: [],
        },
        append: step.append ?? false,
        lastChunk: step.last ?? true,
        metadata: undefined,
      },
    }
  const message =
    step.says === undefined
      ? undefined
      : agentMessage({ messageId: `${taskId}.${at}`, taskId, contextId }, [textPart(step.says)])
  const status = { state: step.state, message, timestamp: new Date().toISOString() }
  return { $case: 'statusUpdate', value: { taskId, contextId, status, metadata: undefined } }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
