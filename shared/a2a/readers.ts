import type { CallState } from './call-state.ts'
import type { TaskRef, TaskStore } from './task-store.ts'

export interface Readers {
  /** Counts a reader in; what it gives counts the reader out, and settles when that has had its effect. */
  enter(ref: TaskRef, state: Pick<CallState, 'cancelOnLeave' | 'left'>): () => Promise<void>
}

/** A connection that broke is there again within this time, or its caller is gone. */
const GRACE_MS = 5_000

/**
 * Counts who reads which task. A reader that said that leaving means cancel, and left before the end, cancels the
 * task, unless somebody reads it within the grace.
 */
export function createReaders(tasks: Pick<TaskStore, 'requestCancel'>, graceMs = GRACE_MS): Readers {
  const counts = new Map<string, number>()
  return {
    enter(ref, state) {
      const key = `${ref.owner} ${ref.id}`
      counts.set(key, (counts.get(key) ?? 0) + 1)
      return async () => {
        const others = (counts.get(key) ?? 1) - 1
        if (others === 0) counts.delete(key)
        else counts.set(key, others)
        if (others > 0 || !state.cancelOnLeave || !state.left.aborted) return
        if (graceMs > 0) await new Promise((resolve) => setTimeout(resolve, graceMs))
        if (counts.has(key)) return
        // Where it cannot be asked for now, the task's deadline ends it.
        await tasks.requestCancel(ref, 'left').catch(() => undefined)
      }
    },
  }
}
