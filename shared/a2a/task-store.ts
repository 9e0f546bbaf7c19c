import type { Message, StreamResponse, Task, TaskState } from '@a2a-js/sdk'
import type { TextDelta } from './protocol.ts'

/** A task is addressed by its owner too: another's task is as good as none. */
export interface TaskRef {
  readonly owner: string
  readonly id: string
}

export interface NewTask extends TaskRef {
  readonly contextId: string
  readonly message: Message
  /** Same owner, same message id: the same task, if the fingerprint agrees. */
  readonly fingerprint: string
  /** The trace that made it, for what is done about it later. */
  readonly traceparent?: string
}

/**
 * A task as it stands. `generation` is 1 when it is made and grows by one a stored change. `task` is to be read only:
 * it shares its parts with the store.
 */
export interface TaskSnapshot {
  readonly generation: number
  readonly task: Task
}

/** A change that is stored: a new status, or an artifact. */
export type TaskChange = Extract<
  NonNullable<StreamResponse['payload']>,
  { $case: 'statusUpdate' } | { $case: 'artifactUpdate' }
>

/** What a run writes: changes that are stored, and between them pieces of text that are not. */
export type TaskWrite = TaskChange | TextDelta

/** A further message for a task that waits for one. */
export interface FollowUp {
  readonly message: Message
  readonly fingerprint: string
}

/** What a stream of a task brings, in the order in which it happened. Deltas are coalesced for a reader who is late. */
export type TailItem =
  | { readonly kind: 'change'; readonly generation: number; readonly change: TaskChange }
  | { readonly kind: 'delta'; readonly delta: TextDelta }

export interface TaskStream {
  readonly snapshot: TaskSnapshot
  /**
   * What happened since the last time, all of it at once, so that a stream sends in one piece what is there. The
   * first comes without waiting, be it empty. Ends after the change that ends the task or leaves it waiting for its
   * caller, or when the signal aborts. Leaving it changes nothing.
   */
  readonly items: AsyncIterable<readonly TailItem[]>
}

export interface TaskQuery {
  readonly owner: string
  readonly contextId?: string
  readonly status?: TaskState
  /** Epoch ms; only tasks whose status is newer. */
  readonly after?: number
  /** Without them a task comes with none. */
  readonly includeArtifacts: boolean
  readonly pageSize: number
  /** From the page before, or empty. */
  readonly pageToken: string
}

export interface TaskPage {
  readonly tasks: readonly Task[]
  /** Empty on the last page. */
  readonly nextPageToken: string
  readonly totalSize: number
}

/**
 * Keeps tasks. Who runs a task writes here, streams only tail it. Every write compares the generation and never
 * touches a task that has ended, so of two writers one loses and learns it.
 */
export interface TaskStore {
  /**
   * Makes a task in state WORKING, or gives the one that the same message made before. One that was cancelled because
   * its caller left is made anew. Throws IDEMPOTENCY_MISMATCH for another body, AGENT_UNAVAILABLE when it is full.
   */
  create(task: NewTask): Promise<{ readonly created: boolean; readonly snapshot: TaskSnapshot }>
  /**
   * Gives a task that waits for its caller a further message and puts it back to WORKING. Null when it is at another
   * generation or does not wait. A message that the task has already got changes nothing: `created` is false.
   */
  resume(
    ref: TaskRef,
    generation: number,
    followUp: FollowUp,
  ): Promise<{ readonly created: boolean; readonly snapshot: TaskSnapshot } | null>
  read(ref: TaskRef): Promise<TaskSnapshot | null>
  /** Newest status first. Throws INVALID_INPUT for a page token that is none. */
  list(query: TaskQuery): Promise<TaskPage>
  /**
   * Stores changes all or nothing and then shows them, and the pieces of text between them, in their order. Gives the
   * new generation; null when the task has ended, is at another generation, or is run by another process.
   */
  append(ref: TaskRef, generation: number, writes: readonly TaskWrite[]): Promise<number | null>
  /** Hands a piece of text to whoever tails the task; it is not stored. Unknown tasks are passed over. */
  emit(ref: TaskRef, delta: TextDelta): void
  /** Asks the runner of a task to end it; false when there is nothing to cancel. `left`: the caller went away. */
  requestCancel(ref: TaskRef, by: 'caller' | 'left'): Promise<boolean>
  /**
   * For whoever runs a task: calls back once when it is to stop, because a cancel was requested (at once when it
   * already was) or because another process has it now. Gives the way to let go of it.
   */
  watchCancel(ref: TaskRef, onCancel: () => void): () => void
  /**
   * `start`: the task as its last message found it, then all that happened; `now`: as it stands, then what comes.
   * Null: unknown.
   */
  open(ref: TaskRef, from: 'start' | 'now', signal: AbortSignal): Promise<TaskStream | null>
}
