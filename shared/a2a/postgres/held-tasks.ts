import { applyWrites, type LiveTask, toLiveTask } from '../live-task.ts'
import { isEnd, isWaiting, type TextDelta } from '../protocol.ts'
import type { TailItem, TaskRef, TaskSnapshot, TaskWrite } from '../task-store.ts'
import { createRelay, type Relay } from './relay.ts'
import type { Words } from './words.ts'

/** A task that this process runs. */
export interface HeldTask {
  readonly ref: TaskRef
  readonly live: LiveTask
  readonly relay: Relay | null
  /** Who is told that it is to stop; a task that was told so tells each newcomer. */
  readonly watchers: Set<() => void>
  stopped: boolean
}

/** The tasks that this process runs; their readers here need no look into the tables. */
export interface HeldTasks {
  get(ref: TaskRef): HeldTask | undefined
  byId(id: string): HeldTask | undefined
  ids(): string[]
  take(ref: TaskRef, snapshot: TaskSnapshot): void
  /** What was stored, at the generation before it, is shown. False: it does not follow what is known. */
  show(held: HeldTask, generation: number, writes: readonly TaskWrite[]): boolean
  /** The same for changes that somebody else made. */
  showItems(held: HeldTask, items: readonly TailItem[]): void
  say(held: HeldTask, delta: TextDelta): void
  /** Tells whoever runs it to stop. */
  stop(held: HeldTask): void
  drop(held: HeldTask): void
  /**
   * The last generation of a task that ran here a short while ago, 0 for another: whoever looked just before its end
   * would ask for it in vain.
   */
  lastOf(id: string): number
}

/** Tasks that are remembered after their end. */
const REMEMBERED = 1_000

/** No tasks yet. `onCount` is told how many there are whenever that changes. */
export function createHeldTasks(deps: {
  readonly from: string
  readonly words: Words | null
  readonly now: () => number
  onCount(count: number): void
}): HeldTasks {
  const { from, words, now } = deps
  const tasks = new Map<string, HeldTask>()

  const gone = new Map<string, number>()

  const drop = (held: HeldTask) => {
    held.relay?.stop()
    if (tasks.get(held.ref.id) !== held) return
    tasks.delete(held.ref.id)
    if (words) gone.set(held.ref.id, held.live.generation)
    for (const oldest of gone.keys()) {
      if (gone.size <= REMEMBERED) break
      gone.delete(oldest)
    }
    deps.onCount(tasks.size)
  }

  const apply = (held: HeldTask, writes: readonly TaskWrite[]) => {
    for (const write of writes) if ('kind' in write) held.relay?.say(write)
    applyWrites(held.live, writes)
    if (writes.some((write) => !('kind' in write))) held.relay?.changed()
    const state = held.live.status?.state
    // Nobody runs it any more: whoever comes now reads the tables.
    if (isEnd(state) || isWaiting(state)) drop(held)
  }

  return {
    get(ref) {
      const held = tasks.get(ref.id)
      return held?.ref.owner === ref.owner ? held : undefined
    },
    byId: (id) => tasks.get(id),
    ids: () => [...tasks.keys()],
    take(ref, snapshot) {
      const relay = words ? createRelay({ id: ref.id, from, words, now }) : null
      tasks.set(ref.id, { ref, live: toLiveTask(snapshot), relay, watchers: new Set(), stopped: false })
      deps.onCount(tasks.size)
    },
    show(held, generation, writes) {
      if (held.live.generation !== generation) return false
      apply(held, writes)
      return true
    },
    showItems(held, items) {
      for (const item of items)
        if (item.kind === 'change' && item.generation === held.live.generation + 1) apply(held, [item.change])
    },
    say: (held, delta) => apply(held, [delta]),
    stop(held) {
      held.stopped = true
      for (const watcher of [...held.watchers]) watcher()
    },
    drop,
    lastOf: (id) => gone.get(id) ?? 0,
  }
}
