import type { Artifact, Message, Task, TaskStatus } from '@a2a-js/sdk'
import { type Feed, tailFeed, wake } from './memory-tail.ts'
import { isEnd, TEXT_ARTIFACT, textPart } from './protocol.ts'
import type { TailItem, TaskChange, TaskSnapshot, TaskStream, TaskWrite } from './task-store.ts'

/** A task that runs in this process: as it stands, and what its readers share. */
export interface LiveTask {
  readonly id: string
  readonly contextId: string
  history: readonly Message[]
  /** As its last message found it, and where in the feed that was. */
  first: TaskSnapshot
  turn: number
  status: TaskStatus | undefined
  readonly artifacts: Map<string, Artifact>
  generation: number
  feed: Feed
}

/** Takes a task up from how it is stored. */
export function toLiveTask({ generation, task }: TaskSnapshot): LiveTask {
  return {
    id: task.id,
    contextId: task.contextId,
    history: task.history,
    first: { generation, task },
    turn: 0,
    status: task.status,
    artifacts: new Map(task.artifacts.map((artifact) => [artifact.artifactId, artifact])),
    generation,
    feed: { items: [], wakers: new Set() },
  }
}

/** Puts an artifact, or a further piece of one, among those of a task. */
export function foldArtifact(artifacts: Map<string, Artifact>, change: TaskChange): void {
  if (change.$case !== 'artifactUpdate') return
  const { artifact, append } = change.value
  if (!artifact) return
  const known = append ? artifacts.get(artifact.artifactId) : undefined
  artifacts.set(
    artifact.artifactId,
    known ? { ...known, parts: [...known.parts, ...artifact.parts] } : artifact,
  )
}

/** Up to the change that ends the task: what comes after the end is not stored. */
export function upToEnd(writes: readonly TaskWrite[]): readonly TaskWrite[] {
  const end = writes.findIndex(
    (write) => !('kind' in write) && write.$case === 'statusUpdate' && isEnd(write.value.status?.state),
  )
  return end < 0 ? writes : writes.slice(0, end + 1)
}

/** Puts what was stored into the task and before its readers. */
export function applyWrites(live: LiveTask, writes: readonly TaskWrite[]): void {
  for (const write of writes) {
    if ('kind' in write) {
      live.feed.items.push({ kind: 'delta', delta: write })
      continue
    }
    live.generation++
    live.feed.items.push({ kind: 'change', generation: live.generation, change: write })
    if (write.$case === 'artifactUpdate') foldArtifact(live.artifacts, write)
    else if (write.value.status) live.status = write.value.status
  }
  wake(live.feed)
}

/** The task as it is stored. */
export function snapshotOf(live: LiveTask): TaskSnapshot {
  return { generation: live.generation, task: taskOf(live, [...live.artifacts.values()]) }
}

function taskOf(live: LiveTask, artifacts: Artifact[]): Task {
  const { id, contextId, status, history } = live
  return { id, contextId, status, artifacts, history: [...history], metadata: undefined }
}

/** A snapshot with the text that went out so far, which is not stored yet: a reader who comes late appends to it. */
export function withText(snapshot: TaskSnapshot, items: readonly TailItem[]): TaskSnapshot {
  let text = ''
  for (const item of items) if (item.kind === 'delta' && item.delta.kind === 'text') text += item.delta.delta
  const { task } = snapshot
  if (text === '' || task.artifacts.some((artifact) => artifact.artifactId === TEXT_ARTIFACT)) return snapshot
  const artifact: Artifact = {
    artifactId: TEXT_ARTIFACT,
    name: TEXT_ARTIFACT,
    description: '',
    parts: [textPart(text)],
    metadata: undefined,
    extensions: [],
  }
  return { ...snapshot, task: { ...task, artifacts: [...task.artifacts, artifact] } }
}

/** A stream of the task; readers share its feed. */
export function openLive(live: LiveTask, from: 'start' | 'now', signal: AbortSignal): TaskStream {
  const { feed, turn } = live
  if (from === 'start') return { snapshot: live.first, items: tailFeed(feed, turn, signal) }
  const snapshot = withText(snapshotOf(live), feed.items.slice(turn))
  return { snapshot, items: tailFeed(feed, feed.items.length, signal) }
}

/** The change that a further message makes to a waiting task. */
export function resumed(task: Pick<LiveTask, 'id' | 'contextId'>, status: TaskStatus): TaskChange {
  const { id: taskId, contextId } = task
  return { $case: 'statusUpdate', value: { taskId, contextId, status, metadata: undefined } }
}

/** What a further message makes of a waiting task's history: what it was asked, then what it answers. */
export function historyWith(task: Task, message: Message): Message[] {
  const asked = task.status?.message
  const said = { ...message, taskId: task.id, contextId: task.contextId }
  return [...task.history, ...(asked ? [asked] : []), said]
}
