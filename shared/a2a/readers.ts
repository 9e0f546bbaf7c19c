import type { CallState } from './call-state.ts'
import type { TaskRef, TaskStore } from './task-store.ts'

export interface Readers {
  /** Counts a reader in; what it gives counts the reader out. */
  enter(ref: TaskRef, state: Pick<CallState, 'cancelOnLeave' | 'left'>): () => Promise<void>
}

/**
 * Counts who reads which task. A reader that said that leaving means cancel, and left before the end, cancels the
 * task, unless somebody else still reads it.
 */
export function createReaders(tasks: Pick<TaskStore, 'requestCancel'>): Readers {
  const counts = new Map<string, number>()
  return {
    enter(ref, state) {
      const key = `${ref.owner} ${ref.id}`
      counts.set(key, (counts.get(key) ?? 0) + 1)
      return async () => {
        const others = (counts.get(key) ?? 1) - 1
        if (others === 0) counts.delete(key)
        else counts.set(key, others)
        if (others === 0 && state.cancelOnLeave && state.left.aborted) await tasks.requestCancel(ref, 'left')
      }
    },
  }
}
