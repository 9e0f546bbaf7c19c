import { Message, StreamResponse, type Task, type TaskState, TaskStatus, taskStateToJSON } from '@a2a-js/sdk'
import type { ChangeRow, Json, TaskRow } from '../../storage/a2a-tasks/rows.ts'
import { foldArtifact } from '../live-task.ts'
import { isEnd, isWaiting } from '../protocol.ts'
import type { TailItem, TaskChange, TaskSnapshot } from '../task-store.ts'

/** A message as it is stored, with the ids of its task. */
export function messageToRow(message: Message, taskId: string, contextId: string): Json {
  return Message.toJSON({ ...message, taskId, contextId }) as Json
}

/** A status as its columns. */
export function statusToRow(status: TaskStatus) {
  return {
    state: taskStateToJSON(status.state),
    status: TaskStatus.toJSON(status) as Json,
    at: status.timestamp ?? '',
    ended: isEnd(status.state),
    waiting: isWaiting(status.state),
  }
}

/** The name of a state as it is stored. */
export const stateToRow = (state: TaskState): string => taskStateToJSON(state)

/** A change as it is stored. */
export function changeToRow(change: TaskChange): { readonly artifact: boolean; readonly change: Json } {
  return {
    artifact: change.$case === 'artifactUpdate',
    change: StreamResponse.toJSON({ payload: change }) as Json,
  }
}

function changeOf(json: Json): TaskChange {
  const { payload } = StreamResponse.fromJSON(json)
  if (payload?.$case === 'statusUpdate' || payload?.$case === 'artifactUpdate') return payload
  throw new TypeError('a stored change is none')
}

/** A stored change as a stream brings it. */
export function itemOf(row: ChangeRow): Extract<TailItem, { kind: 'change' }> {
  return { kind: 'change', generation: row.generation, change: changeOf(row.change) }
}

/** The last status among changes, as columns; null where there is none. */
export function lastStatus(changes: readonly TaskChange[]) {
  const last = changes.findLast((change) => change.$case === 'statusUpdate')
  return last?.$case === 'statusUpdate' && last.value.status ? statusToRow(last.value.status) : null
}

/** A stored task as a task. */
export function snapshotOfRow(row: TaskRow): TaskSnapshot {
  const artifacts: Parameters<typeof foldArtifact>[0] = new Map()
  for (const json of row.artifacts) foldArtifact(artifacts, changeOf(json))
  const task: Task = {
    id: row.id,
    contextId: row.contextId,
    status: TaskStatus.fromJSON(row.status),
    artifacts: [...artifacts.values()],
    history: row.history.map((json) => Message.fromJSON(json)),
    metadata: undefined,
  }
  return { generation: row.generation, task }
}
