import type { AgentCard, Message, SendMessageRequest, StreamResponse, Task } from '@a2a-js/sdk'
import { PushNotificationNotSupportedError, UnsupportedOperationError } from '@a2a-js/sdk/errors'
import type { A2ARequestHandler, ServerCallContext } from '@a2a-js/sdk/server'
import type { NewId } from '../domain/ids.ts'
import { AetherError } from '../errors/aether-error.ts'
import { type CallState, stateOf } from './call-state.ts'
import { toStreamResponse } from './encode.ts'
import { type ExecutorDeps, execute } from './executor.ts'
import { fingerprintOf } from './fingerprint.ts'
import { type AgentInput, inputOf } from './input.ts'
import { isEnd } from './protocol.ts'
import { createReaders } from './readers.ts'
import { endCancelled, settled } from './settle.ts'
import type { TaskRef, TaskSnapshot, TaskStream } from './task-store.ts'

export interface HandlerDeps<I> extends ExecutorDeps<I> {
  readonly card: AgentCard
  readonly newId: NewId
  /** Throws INVALID_INPUT for a message that is not for this agent. */
  readInput(message: AgentInput): I
}

const PAGE_SIZE = 50

function withHistory(task: Task, historyLength: number | undefined): Task {
  if (historyLength === undefined || task.history.length <= historyLength) return task
  return { ...task, history: historyLength === 0 ? [] : task.history.slice(-historyLength) }
}

const notFound = () => new AetherError('TASK_NOT_FOUND')

/**
 * A2A's methods over our task store. The run of a task is separate from whoever reads it: it writes the store, and
 * streams tail the store. What a method throws is kept in the call's state, where the bindings find it; streams throw.
 */
export function createRequestHandler<I>(deps: HandlerDeps<I>): A2ARequestHandler {
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

  const open = async (ref: TaskRef, from: 'start' | 'now', signal: AbortSignal): Promise<TaskStream> => {
    const stream = await tasks.open(ref, from, signal)
    if (!stream) throw notFound()
    return stream
  }

  async function* stream(
    ref: TaskRef,
    from: 'start' | 'now',
    state: CallState,
    historyLength?: number,
  ): AsyncGenerator<StreamResponse, void, undefined> {
    const leave = readers.enter(ref, state)
    try {
      const { snapshot, items } = await open(ref, from, state.left)
      const { id: taskId, contextId, status } = snapshot.task
      yield { payload: { $case: 'task', value: withHistory(snapshot.task, historyLength) } }
      const ids = { taskId, contextId, at: status?.timestamp ?? '' }
      for await (const item of items) yield toStreamResponse(ids, item)
    } finally {
      await leave()
    }
  }

  return {
    async getAgentCard() {
      return deps.card
    },
    getAuthenticatedExtendedAgentCard: (_params, context) =>
      guarded(context, async () => {
        throw new UnsupportedOperationError('There is no extended card; the public one says everything.')
      }),
    sendMessage: (params, context) =>
      guarded(context, async () => {
        const state = stateOf(context)
        const [ref, snapshot] = await begin(params, state)
        const { historyLength, returnImmediately } = params.configuration ?? {}
        const { task } = returnImmediately ? snapshot : await settled(tasks, ref, state.left)
        return withHistory(task, historyLength)
      }),
    async *sendMessageStream(params, context) {
      const state = stateOf(context)
      const [ref] = await begin(params, state)
      yield* stream(ref, 'start', state, params.configuration?.historyLength)
    },
    async *resubscribe(params, context) {
      const state = stateOf(context)
      const ref = { owner: state.owner, id: params.id }
      const known = await tasks.read(ref)
      if (!known) throw notFound()
      if (isEnd(known.task.status?.state))
        throw new AetherError('UNSUPPORTED_OPERATION', 'The task has ended. Read it with GetTask.')
      yield* stream(ref, 'now', { ...state, cancelOnLeave: false })
    },
    getTask: (params, context) =>
      guarded(context, async () => {
        const known = await tasks.read({ owner: stateOf(context).owner, id: params.id })
        if (!known) throw notFound()
        return withHistory(known.task, params.historyLength)
      }),
    listTasks: (params, context) =>
      guarded(context, async () => {
        const after = params.statusTimestampAfter ? Date.parse(params.statusTimestampAfter) : undefined
        const pageSize = params.pageSize ?? PAGE_SIZE
        const page = await tasks.list({
          owner: stateOf(context).owner,
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
      }),
    cancelTask: (params, context) =>
      guarded(context, async () => {
        const ref = { owner: stateOf(context).owner, id: params.id }
        if (!(await tasks.read(ref))) throw notFound()
        if (!(await tasks.requestCancel(ref, 'caller'))) throw new AetherError('TASK_NOT_CANCELABLE')
        return (await endCancelled(deps, ref)).task
      }),
    createTaskPushNotificationConfig: (_params, context) => guarded(context, noPush),
    getTaskPushNotificationConfig: (_params, context) => guarded(context, noPush),
    listTaskPushNotificationConfigs: (_params, context) => guarded(context, noPush),
    deleteTaskPushNotificationConfig: (_params, context) => guarded(context, noPush),
  }
}

/** Leaves what a method threw in the call's state. */
async function guarded<T>(context: ServerCallContext, method: () => Promise<T>): Promise<T> {
  try {
    return await method()
  } catch (thrown) {
    stateOf(context).fault = thrown
    throw thrown
  }
}

async function noPush(): Promise<never> {
  throw new PushNotificationNotSupportedError()
}
