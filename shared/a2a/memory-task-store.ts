import { type Artifact, type Message, type Task, TaskState, type TaskStatus } from '@a2a-js/sdk'
import type { Now } from '../domain/ids.ts'
import { AetherError } from '../errors/aether-error.ts'
import { type Feed, tailFeed, wake } from './memory-tail.ts'
import { pageOf } from './page.ts'
import { isEnd, TEXT_ARTIFACT, textPart } from './protocol.ts'
import type { NewTask, TaskChange, TaskRef, TaskSnapshot, TaskStore } from './task-store.ts'

interface Stored {
  readonly owner: string
  readonly id: string
  readonly contextId: string
  readonly messageKey: string
  readonly fingerprint: string
  readonly history: readonly Message[]
  readonly first: TaskStatus
  status: TaskStatus
  readonly artifacts: Map<string, Artifact>
  generation: number
  cancel: 'caller' | 'left' | null
  readonly watchers: Set<() => void>
  readonly feed: Feed
}

// A space never stands in an owner's or a task's id, so two keys are never the same text by chance.
const keyOf = (owner: string, id: string) => `${owner} ${id}`

function taskOf(stored: Stored, status: TaskStatus, artifacts: Artifact[]): Task {
  return {
    id: stored.id,
    contextId: stored.contextId,
    status,
    artifacts,
    history: [...stored.history],
    metadata: undefined,
  }
}

function snapshotOf(stored: Stored): TaskSnapshot {
  return {
    generation: stored.generation,
    task: taskOf(stored, stored.status, [...stored.artifacts.values()]),
  }
}

/** As it stands, with the text that went out so far: a reader who comes late appends to it. */
function liveSnapshotOf(stored: Stored): TaskSnapshot {
  const artifacts = [...stored.artifacts.values()]
  let text = ''
  for (const item of stored.feed.items)
    if (item.kind === 'delta' && item.delta.kind === 'text') text += item.delta.delta
  if (text !== '' && !stored.artifacts.has(TEXT_ARTIFACT))
    artifacts.push({
      artifactId: TEXT_ARTIFACT,
      name: TEXT_ARTIFACT,
      description: '',
      parts: [textPart(text)],
      metadata: undefined,
      extensions: [],
    })
  return { generation: stored.generation, task: taskOf(stored, stored.status, artifacts) }
}

function apply(stored: Stored, change: TaskChange): void {
  stored.generation++
  stored.feed.items.push({ kind: 'change', generation: stored.generation, change })
  if (change.$case === 'statusUpdate') {
    if (change.value.status) stored.status = change.value.status
    return
  }
  const { artifact } = change.value
  if (artifact) stored.artifacts.set(artifact.artifactId, artifact)
}

/** The task has ended: readers that are still on it have their own hold of the items; later ones need no deltas. */
function settle(stored: Stored): void {
  const { feed } = stored
  feed.items = feed.items.filter((item) => item.kind === 'change')
  stored.watchers.clear()
}

/**
 * Keeps at most `max` tasks in memory: where a further one comes, the oldest that has ended goes. For ds_analysts,
 * whose results its caller stores, and for tests.
 */
export function createMemoryTaskStore(options: { readonly max: number; readonly now: Now }): TaskStore {
  const tasks = new Map<string, Stored>()
  const byMessage = new Map<string, Stored>()

  const find = (ref: TaskRef) => tasks.get(keyOf(ref.owner, ref.id))

  const drop = (stored: Stored) => {
    tasks.delete(keyOf(stored.owner, stored.id))
    if (byMessage.get(stored.messageKey) === stored) byMessage.delete(stored.messageKey)
  }

  const makeRoom = () => {
    if (tasks.size < options.max) return
    for (const stored of tasks.values()) if (isEnd(stored.status.state)) return drop(stored)
    throw new AetherError('AGENT_UNAVAILABLE', 'Too many tasks run at once. Try again shortly.')
  }

  const insert = (task: NewTask, messageKey: string): Stored => {
    const status: TaskStatus = {
      state: TaskState.TASK_STATE_WORKING,
      message: undefined,
      timestamp: new Date(options.now()).toISOString(),
    }
    const stored: Stored = {
      owner: task.owner,
      id: task.id,
      contextId: task.contextId,
      messageKey,
      fingerprint: task.fingerprint,
      history: [{ ...task.message, taskId: task.id, contextId: task.contextId }],
      first: status,
      status,
      artifacts: new Map(),
      generation: 1,
      cancel: null,
      watchers: new Set(),
      feed: { items: [], wakers: new Set() },
    }
    tasks.set(keyOf(task.owner, task.id), stored)
    byMessage.set(messageKey, stored)
    return stored
  }

  return {
    async create(task) {
      const messageKey = keyOf(task.owner, task.message.messageId)
      const known = byMessage.get(messageKey)
      if (known && known.fingerprint !== task.fingerprint)
        throw new AetherError(
          'IDEMPOTENCY_MISMATCH',
          'This messageId was used with another message. Use a new one.',
        )
      if (known && known.cancel !== 'left') return { created: false, snapshot: snapshotOf(known) }
      makeRoom()
      return { created: true, snapshot: snapshotOf(insert(task, messageKey)) }
    },

    async read(ref) {
      const stored = find(ref)
      return stored ? snapshotOf(stored) : null
    },

    async list(query) {
      const own: Task[] = []
      for (const stored of tasks.values()) if (stored.owner === query.owner) own.push(snapshotOf(stored).task)
      return pageOf(own, query)
    },

    async append(ref, generation, changes) {
      const stored = find(ref)
      if (!stored || stored.generation !== generation || isEnd(stored.status.state)) return null
      for (const change of changes) {
        // What comes after the end of a task is not stored.
        if (isEnd(stored.status.state)) break
        apply(stored, change)
      }
      wake(stored.feed)
      if (isEnd(stored.status.state)) settle(stored)
      return stored.generation
    },

    emit(ref, delta) {
      const stored = find(ref)
      if (!stored || isEnd(stored.status.state)) return
      stored.feed.items.push({ kind: 'delta', delta })
      wake(stored.feed)
    },

    async requestCancel(ref, by) {
      const stored = find(ref)
      if (!stored || isEnd(stored.status.state)) return false
      stored.cancel ??= by
      for (const watcher of [...stored.watchers]) watcher()
      return true
    },

    watchCancel(ref, onCancel) {
      const stored = find(ref)
      if (!stored) return () => undefined
      const once = () => {
        stored.watchers.delete(once)
        onCancel()
      }
      stored.watchers.add(once)
      if (stored.cancel) once()
      return () => stored.watchers.delete(once)
    },

    async open(ref, from, signal) {
      const stored = find(ref)
      if (!stored) return null
      if (from === 'now')
        return {
          snapshot: liveSnapshotOf(stored),
          items: tailFeed(stored.feed, stored.feed.items.length, signal),
        }
      const snapshot = { generation: 1, task: taskOf(stored, stored.first, []) }
      return { snapshot, items: tailFeed(stored.feed, 0, signal) }
    },
  }
}
