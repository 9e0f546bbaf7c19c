import type {
  CancelTaskRequest,
  GetTaskRequest,
  ListTasksRequest,
  ListTasksResponse,
  Message,
  SendMessageRequest,
  StreamResponse,
  SubscribeToTaskRequest,
  Task,
} from '@a2a-js/sdk'
import type { NewId } from '../domain/ids.ts'
import { AetherError } from '../errors/aether-error.ts'
import type { CallState } from './call-state.ts'
import { toStreamResponse } from './encode.ts'
import { type ExecutorDeps, execute } from './executor.ts'
import { fingerprintOf } from './fingerprint.ts'
import { type AgentInput, inputOf } from './input.ts'
import { isEnd } from './protocol.ts'
import { createReaders } from './readers.ts'
import { endCancelled, settled } from './settle.ts'
import type { TaskRef, TaskSnapshot, TaskStream } from './task-store.ts'

export interface HandlerDeps<I> extends ExecutorDeps<I> {
  readonly newId: NewId
  /** Throws INVALID_INPUT for a message that is not for this agent. */
  readInput(message: AgentInput): I
}

/** The payloads of a stream, in order; each time as many as have come. */
export type StreamBatches = AsyncGenerator<readonly StreamResponse[], void, undefined>

/**
 * A2A's methods on tasks; both bindings are made of them. Parameters are checked before. They throw what the SDK and
 * our table have as errors; a stream throws at once what it can know at once.
 */
export interface RequestHandler {
  send(params: SendMessageRequest, state: CallState): Promise<Task>
  stream(params: SendMessageRequest, state: CallState): Promise<StreamBatches>
  subscribe(params: SubscribeToTaskRequest, state: CallState): Promise<StreamBatches>
  get(params: GetTaskRequest, state: CallState): Promise<Task>
  list(params: ListTasksRequest, state: CallState): Promise<ListTasksResponse>
  cancel(params: CancelTaskRequest, state: CallState): Promise<Task>
}

const PAGE_SIZE = 50

function withHistory(task: Task, historyLength: number | undefined): Task {
  if (historyLength === undefined || task.history.length <= historyLength) return task
  return { ...task, history: historyLength === 0 ? [] : task.history.slice(-historyLength) }
}

const notFound = () => new AetherError('TASK_NOT_FOUND')

/**
 * A2A's methods over our task store. The run of a task is separate from whoever reads it: it writes the store, and
 * streams tail the store.
 */
export function createRequestHandler<I>(deps: HandlerDeps<I>): RequestHandler {
  const { tasks, newId } = deps
  const readers = createReaders(tasks)

  /** Starts the task of a message, or finds the one that the same message started before. */
  const begin = async (params: SendMessageRequest, state: CallState): Promise<[TaskRef, TaskSnapshot]> => {
    const message = params.message as Message
    if (message.taskId !== '') await refuseFollowUp(message, state)
    const input = deps.readInput(inputOf(message))
    const ref = { owner: state.owner, id: newId('task') }
    const contextId = message.contextId || newId('conv')
    const { created, snapshot } = await tasks.create({
      ...ref,
      contextId,
      message,
      fingerprint: fingerprintOf(message),
    })
    if (!created) return [{ owner: state.owner, id: snapshot.task.id }, snapshot]
    const { user, traceparent, deadlineMs } = state
    const { generation } = snapshot
    const { messageId } = message
    state.keep(execute(deps, { ref, contextId, generation, input, user, messageId, traceparent, deadlineMs }))
    return [ref, snapshot]
  }

  /** Our tasks take one message; a further one is refused by what is known of the task. */
  const refuseFollowUp = async (message: Message, state: CallState): Promise<never> => {
    const known = await tasks.read({ owner: state.owner, id: message.taskId })
    if (!known) throw notFound()
    if (message.contextId !== '' && message.contextId !== known.task.contextId)
      throw new AetherError('INVALID_INPUT', 'message.contextId is not the one of the task.', {
        details: { param: 'message.contextId' },
      })
    throw new AetherError(
      'UNSUPPORTED_OPERATION',
      'This task takes no further message. Send it without a taskId.',
    )
  }

  const stream = async (
    ref: TaskRef,
    from: 'start' | 'now',
    state: CallState,
    historyLength?: number,
  ): Promise<StreamBatches> => {
    const opened = await tasks.open(ref, from, state.left)
    if (!opened) throw notFound()
    return batches(ref, opened, state, historyLength)
  }

  async function* batches(
    ref: TaskRef,
    { snapshot, items }: TaskStream,
    state: CallState,
    historyLength?: number,
  ): StreamBatches {
    const leave = readers.enter(ref, state)
    try {
      const { id: taskId, contextId, status } = snapshot.task
      const ids = { taskId, contextId, at: status?.timestamp ?? '' }
      let batch: StreamResponse[] = [
        { payload: { $case: 'task', value: withHistory(snapshot.task, historyLength) } },
      ]
      for await (const found of items) {
        for (const item of found) batch.push(toStreamResponse(ids, item))
        yield batch
        batch = []
      }
    } finally {
      await leave()
    }
  }

  return {
    async send(params, state) {
      const [ref, snapshot] = await begin(params, state)
      const { historyLength, returnImmediately } = params.configuration ?? {}
      const { task } = returnImmediately ? snapshot : await settled(tasks, ref, state.left)
      return withHistory(task, historyLength)
    },
    async stream(params, state) {
      const [ref] = await begin(params, state)
      return stream(ref, 'start', state, params.configuration?.historyLength)
    },
    async subscribe(params, state) {
      const ref = { owner: state.owner, id: params.id }
      const known = await tasks.read(ref)
      if (!known) throw notFound()
      if (isEnd(known.task.status?.state))
        throw new AetherError('UNSUPPORTED_OPERATION', 'The task has ended. Read it with GetTask.')
      return stream(ref, 'now', { ...state, cancelOnLeave: false })
    },
    async get(params, state) {
      const known = await tasks.read({ owner: state.owner, id: params.id })
      if (!known) throw notFound()
      return withHistory(known.task, params.historyLength)
    },
    async list(params, state) {
      const after = params.statusTimestampAfter ? Date.parse(params.statusTimestampAfter) : undefined
      const pageSize = params.pageSize ?? PAGE_SIZE
      const page = await tasks.list({
        owner: state.owner,
        contextId: params.contextId,
        status: params.status,
        ...(after === undefined ? {} : { after }),
        pageSize,
        pageToken: params.pageToken,
      })
      const shown = page.tasks.map((task) => {
        const cut = withHistory(task, params.historyLength)
        return params.includeArtifacts ? cut : { ...cut, artifacts: [] }
      })
      return { tasks: shown, nextPageToken: page.nextPageToken, pageSize, totalSize: page.totalSize }
    },
    async cancel(params, state) {
      const ref = { owner: state.owner, id: params.id }
      if (!(await tasks.read(ref))) throw notFound()
      if (!(await tasks.requestCancel(ref, 'caller'))) throw new AetherError('TASK_NOT_CANCELABLE')
      return (await endCancelled(deps, ref)).task
    },
  }
}
