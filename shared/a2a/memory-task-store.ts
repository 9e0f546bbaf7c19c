import { TaskState, type TaskStatus } from '@a2a-js/sdk'
import type { Now } from '../domain/ids.ts'
import { AetherError } from '../errors/aether-error.ts'
import {
  applyWrites,
  historyWith,
  type LiveTask,
  openLive,
  resumed,
  snapshotOf,
  toLiveTask,
  upToEnd,
} from './live-task.ts'
import { wake } from './memory-tail.ts'
import { pageOf } from './page.ts'
import { isEnd, isWaiting } from './protocol.ts'
import type { NewTask, TaskRef, TaskStore } from './task-store.ts'

interface Stored {
  readonly owner: string
  readonly live: LiveTask
  /** Of each message that the task has got. */
  readonly messageKeys: string[]
  cancel: 'caller' | 'left' | null
  readonly watchers: Set<() => void>
}

interface Known {
  readonly stored: Stored
  readonly fingerprint: string
}

// A space never stands in an owner's or a task's id, so two keys are never the same text by chance.
const keyOf = (owner: string, id: string) => `${owner} ${id}`
const stateOf = (stored: Stored) => stored.live.status?.state

/** The task has ended: readers that are still on it have their own hold of the items; later ones need no deltas. */
function settle({ live, watchers }: Stored): void {
  live.feed.items = live.feed.items.filter((item) => item.kind === 'change')
  watchers.clear()
}

/**
 * Keeps at most `max` tasks in memory: where a further one comes, the oldest that has ended goes. For ds_analysts,
 * whose results its caller stores, and for tests.
 */
export function createMemoryTaskStore(options: { readonly max: number; readonly now: Now }): TaskStore {
  const tasks = new Map<string, Stored>()
  const byMessage = new Map<string, Known>()

  const find = (ref: TaskRef) => tasks.get(keyOf(ref.owner, ref.id))

  const drop = (stored: Stored) => {
    tasks.delete(keyOf(stored.owner, stored.live.id))
    for (const key of stored.messageKeys) if (byMessage.get(key)?.stored === stored) byMessage.delete(key)
  }

  const makeRoom = () => {
    if (tasks.size < options.max) return
    for (const stored of tasks.values()) if (isEnd(stateOf(stored))) return drop(stored)
    throw new AetherError('AGENT_UNAVAILABLE', 'Too many tasks run at once. Try again shortly.')
  }

  const working = (): TaskStatus => ({
    state: TaskState.TASK_STATE_WORKING,
    message: undefined,
    timestamp: new Date(options.now()).toISOString(),
  })

  const insert = (task: NewTask, messageKey: string): Stored => {
    const { id, contextId } = task
    const history = [{ ...task.message, taskId: id, contextId }]
    const live = toLiveTask({
      generation: 1,
      task: { id, contextId, status: working(), artifacts: [], history, metadata: undefined },
    })
    const stored: Stored = {
      owner: task.owner,
      live,
      messageKeys: [messageKey],
      cancel: null,
      watchers: new Set(),
    }
    tasks.set(keyOf(task.owner, id), stored)
    byMessage.set(messageKey, { stored, fingerprint: task.fingerprint })
    return stored
  }

  /** Who has got this message already. */
  const knownBy = (messageKey: string, fingerprint: string): Stored | undefined => {
    const known = byMessage.get(messageKey)
    if (known && known.fingerprint !== fingerprint)
      throw new AetherError(
        'IDEMPOTENCY_MISMATCH',
        'This messageId was used with another message. Use a new one.',
      )
    return known?.stored
  }

  return {
    async create(task) {
      const messageKey = keyOf(task.owner, task.message.messageId)
      const known = knownBy(messageKey, task.fingerprint)
      if (known && known.cancel !== 'left') return { created: false, snapshot: snapshotOf(known.live) }
      makeRoom()
      return { created: true, snapshot: snapshotOf(insert(task, messageKey).live) }
    },

    async resume(ref, generation, { message, fingerprint }) {
      const messageKey = keyOf(ref.owner, message.messageId)
      const known = knownBy(messageKey, fingerprint)
      if (known) return { created: false, snapshot: snapshotOf(known.live) }
      const stored = find(ref)
      if (!stored || stored.live.generation !== generation || !isWaiting(stateOf(stored))) return null
      const { live } = stored
      live.history = historyWith(snapshotOf(live).task, message)
      // Whoever reads the waiting task learns that it works again.
      applyWrites(live, [resumed(live, working())])
      live.first = snapshotOf(live)
      live.turn = live.feed.items.length
      stored.messageKeys.push(messageKey)
      byMessage.set(messageKey, { stored, fingerprint })
      return { created: true, snapshot: live.first }
    },

    async read(ref) {
      const stored = find(ref)
      return stored ? snapshotOf(stored.live) : null
    },

    async list(query) {
      const own = [...tasks.values()].filter((stored) => stored.owner === query.owner)
      return pageOf(
        own.map((stored) => snapshotOf(stored.live).task),
        query,
      )
    },

    async append(ref, generation, writes) {
      const stored = find(ref)
      if (!stored || stored.live.generation !== generation || isEnd(stateOf(stored))) return null
      applyWrites(stored.live, upToEnd(writes))
      if (isEnd(stateOf(stored))) settle(stored)
      return stored.live.generation
    },

    emit(ref, delta) {
      const stored = find(ref)
      if (!stored || isEnd(stateOf(stored))) return
      const { feed } = stored.live
      feed.items.push({ kind: 'delta', delta })
      wake(feed)
    },

    async requestCancel(ref, by) {
      const stored = find(ref)
      if (!stored || isEnd(stateOf(stored))) return false
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
      const { live } = stored
      return openLive(live, from, signal)
    },
  }
}
