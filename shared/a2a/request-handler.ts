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
import type { NewId, Now } from '../domain/ids.ts'
import type { ServiceName } from '../domain/names.ts'
import { AetherError } from '../errors/aether-error.ts'
import type { CallState } from './call-state.ts'
import { toStreamResponse } from './encode.ts'
import { fingerprintOf } from './fingerprint.ts'
import { isEnd, isWaiting } from './protocol.ts'
import type { PushMethods } from './push/push.ts'
import { pushOf } from './push-of.ts'
import { createReaders } from './readers.ts'
import { endCancelled, settled } from './settle.ts'
import type { TaskRef, TaskSnapshot, TaskStore, TaskStream } from './task-store.ts'

/** A task that has got a message and is to be carried on. */
export interface Begun {
  readonly ref: TaskRef
  readonly snapshot: TaskSnapshot
}

/** What is done with a message: a task is carried out, or a message is answered at once, without a task. */
export type Prepared =
  | { readonly kind: 'task'; execute(begun: Begun): Promise<void> }
  | { readonly kind: 'reply'; reply(): Promise<Message> }

export interface HandlerDeps {
  readonly service: ServiceName
  readonly tasks: TaskStore
  readonly now: Now
  readonly newId: NewId
  /** Null: push notifications are off. */
  readonly push: PushMethods | null
  /** False: nothing is streamed, and the card says so. */
  readonly streaming?: boolean
  /** How long a caller of ours whose connection broke may take to come back. */
  readonly graceMs?: number
  /** Reads a message; throws INVALID_INPUT for one that is not for this agent. What it gives never throws. */
  prepare(message: Message, state: CallState): Prepared
}

/** The payloads of a stream, in order; each time as many as have come. */
export type StreamBatches = AsyncGenerator<readonly StreamResponse[], void, undefined>

/** The methods that answer with a stream. */
export interface StreamMethods {
  send(params: SendMessageRequest, state: CallState): Promise<StreamBatches>
  subscribe(params: SubscribeToTaskRequest, state: CallState): Promise<StreamBatches>
}

/**
 * A2A's methods on tasks; both bindings are made of them. Parameters are checked before. They throw what the SDK and
 * our table have as errors; a stream throws at once what it can know at once.
 */
export interface RequestHandler {
  /** Methods on push notifications; null where they are off. */
  readonly push: PushMethods | null
  /** Null where nothing is streamed. */
  readonly streaming: StreamMethods | null
  send(params: SendMessageRequest, state: CallState): Promise<Task | Message>
  get(params: GetTaskRequest, state: CallState): Promise<Task>
  list(params: ListTasksRequest, state: CallState): Promise<ListTasksResponse>
  cancel(params: CancelTaskRequest, state: CallState): Promise<Task>
}

const PAGE_SIZE = 50

function withHistory(task: Task, historyLength: number | undefined): Task {
  if (historyLength === undefined || task.history.length <= historyLength) return task
  return { ...task, history: historyLength === 0 ? [] : task.history.slice(-historyLength) }
}

/** A stream of one payload. */
async function* once(payload: StreamResponse): StreamBatches {
  yield [payload]
}

const notFound = () => new AetherError('TASK_NOT_FOUND')

/**
 * A2A's methods over our task store. The run of a task is separate from whoever reads it: it writes the store, and
 * streams tail the store.
 */
export function createRequestHandler(deps: HandlerDeps): RequestHandler {
  const { tasks, newId } = deps
  const readers = createReaders(tasks, deps.graceMs)

  /** Starts the task of a message, carries on the one that it names, or finds the one that has got it before. */
  const begin = async (
    params: SendMessageRequest,
    state: CallState,
  ): Promise<{ readonly reply: Message } | Begun> => {
    const message = params.message as Message
    const waiting = message.taskId === '' ? null : await waitingTask(message, state)
    const prepared = deps.prepare(message, state)
    const wish = params.configuration?.taskPushNotificationConfig
    if (wish) pushOf(deps).check(wish)
    if (prepared.kind === 'reply') return { reply: await prepared.reply() }
    const { ref, created, snapshot } = waiting ? await goOn(waiting, message) : await start(message, state)
    if (wish) {
      const { generation, task } = snapshot
      await pushOf(deps).create({ ...wish, taskId: task.id }, ref.owner, generation)
    }
    if (created) state.keep(prepared.execute({ ref, snapshot }))
    return { ref, snapshot }
  }

  const start = async (message: Message, { owner, traceparent }: CallState) => {
    const task = { owner, id: newId('task'), contextId: message.contextId || newId('conv'), message }
    const made = await tasks.create({ ...task, fingerprint: fingerprintOf(message), traceparent })
    return { ...made, ref: { owner, id: made.snapshot.task.id } }
  }

  const goOn = async ({ ref, snapshot }: Begun, message: Message) => {
    const resumed = await tasks.resume(ref, snapshot.generation, {
      message,
      fingerprint: fingerprintOf(message),
    })
    if (!resumed) throw new AetherError('CONFLICT', 'The task has changed meanwhile. Read it first.')
    return { ...resumed, ref }
  }

  /** The task that a message is for. One that has ended takes none, one that is at work takes none yet. */
  const waitingTask = async (message: Message, state: CallState): Promise<Begun> => {
    const ref = { owner: state.owner, id: message.taskId }
    const snapshot = await tasks.read(ref)
    if (!snapshot) throw notFound()
    const { task } = snapshot
    if (message.contextId !== '' && message.contextId !== task.contextId)
      throw new AetherError('INVALID_INPUT', 'message.contextId is not the one of the task.', {
        details: { param: 'message.contextId' },
      })
    const got = task.history.some((known) => known.messageId === message.messageId)
    if (!got && !isWaiting(task.status?.state))
      throw new AetherError(
        'UNSUPPORTED_OPERATION',
        isEnd(task.status?.state)
          ? 'This task has ended. Send the message without a taskId.'
          : 'This task is at work and takes no message now. Wait for it, or cancel it.',
      )
    return { ref, snapshot }
  }

  const stream = async (
    ref: TaskRef,
    from: 'start' | 'now',
    state: CallState,
    historyLength?: number,
  ): Promise<StreamBatches> => {
    const opened = await tasks.open(ref, from, state.left)
    if (!opened) throw notFound()
    if (isEnd(opened.snapshot.task.status?.state))
      throw new AetherError('UNSUPPORTED_OPERATION', 'The task has ended. Read it with GetTask.')
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
      state.keep(leave())
    }
  }

  const streaming: StreamMethods = {
    async send(params, state) {
      const begun = await begin(params, state)
      if ('reply' in begun) return once({ payload: { $case: 'message', value: begun.reply } })
      return stream(begun.ref, 'start', state, params.configuration?.historyLength)
    },
    async subscribe(params, state) {
      const ref = { owner: state.owner, id: params.id }
      return stream(ref, 'now', { ...state, cancelOnLeave: false })
    },
  }

  return {
    push: deps.push,
    streaming: deps.streaming === false ? null : streaming,
    async send(params, state) {
      const begun = await begin(params, state)
      if ('reply' in begun) return begun.reply
      const { ref, snapshot } = begun
      const { historyLength, returnImmediately } = params.configuration ?? {}
      const { task } = returnImmediately ? snapshot : await settled(tasks, ref, state.left)
      return withHistory(task, historyLength)
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
        includeArtifacts: params.includeArtifacts === true,
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
      if (!(await tasks.requestCancel(ref, state.cancelOnLeave ? 'left' : 'caller')))
        throw new AetherError('TASK_NOT_CANCELABLE')
      return (await endCancelled(deps, ref)).task
    },
  }
}
