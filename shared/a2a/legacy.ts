import {
  type CancelTaskRequest,
  type GetTaskRequest,
  SendMessageRequest,
  type StreamResponse,
  type SubscribeToTaskRequest,
} from '@a2a-js/sdk'
import { LegacyJsonRpcTransportHandler } from '@a2a-js/sdk/compat/v0_3/server'
import { A2AError, JsonRpcTransportError, UnsupportedOperationError } from '@a2a-js/sdk/errors'
import { type A2ARequestHandler, ServerCallContext } from '@a2a-js/sdk/server'
import { toAetherError } from '../errors/aether-error.ts'
import { toJsonRpc } from '../errors/to-jsonrpc.ts'
import type { BindingDeps } from './binding.ts'
import type { CallState } from './call-state.ts'
import { pushOf } from './push-of.ts'
import { streamingOf } from './streaming-of.ts'
import { checkParams } from './validate.ts'

/** An answer of protocol 0.3: one envelope, or a stream of them. */
export type LegacyAnswer = unknown | AsyncGenerator<unknown, void, undefined>

/** Carries out a call of protocol 0.3; errors of the call are in the answer. */
export type LegacyHandler = (call: object, state: CallState) => Promise<LegacyAnswer>

/** What a fault is there: only our own words leave, under the code that our table has for it. */
function toLegacyFault(thrown: unknown): A2AError {
  if (thrown instanceof A2AError) return thrown
  return new JsonRpcTransportError({
    jsonrpc: '2.0',
    id: null,
    error: toJsonRpc(toAetherError(thrown)) as unknown as JsonRpcTransportError['errorResponse']['error'],
  })
}

/**
 * Serves 0.3 by the SDK's translation to and from 1.0, over the same methods. `onFault` hears what callers are not told.
 */
export function createLegacyHandler(
  deps: Pick<BindingDeps, 'handler' | 'card' | 'extendedCard'>,
  onFault: (thrown: unknown) => void,
): LegacyHandler {
  const { handler, card } = deps
  const stateOf = (context: ServerCallContext) => context.state.get('call') as CallState
  const guard = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (thrown) {
      onFault(thrown)
      throw toLegacyFault(thrown)
    }
  }
  const checked = (params: SendMessageRequest) => {
    checkParams('SendMessage', SendMessageRequest.toJSON(params), card)
    return params
  }
  /** What can fail at once fails before the first event. */
  async function* flat(
    open: () => Promise<AsyncIterable<readonly StreamResponse[]>>,
  ): AsyncGenerator<StreamResponse, void, undefined> {
    const batches = await guard(open)
    for await (const batch of batches) yield* batch
  }
  const push = <T>(work: (methods: ReturnType<typeof pushOf>) => Promise<T>) =>
    guard(async () => work(pushOf(handler)))

  const adapter: A2ARequestHandler = {
    getAgentCard: async () => card,
    getAuthenticatedExtendedAgentCard: () =>
      guard(async () => {
        if (!deps.extendedCard) throw new UnsupportedOperationError('There is no extended card.')
        return (await deps.extendedCard).card
      }),
    sendMessage: (params, context) => guard(async () => handler.send(checked(params), stateOf(context))),
    sendMessageStream: (params, context) =>
      flat(async () => streamingOf(handler).send(checked(params), stateOf(context))),
    getTask: (params: GetTaskRequest, context) =>
      guard(async () => {
        checkParams('GetTask', { id: params.id, historyLength: params.historyLength })
        return handler.get(params, stateOf(context))
      }),
    listTasks: async () => {
      throw new UnsupportedOperationError('Protocol 0.3 has no list of tasks.')
    },
    cancelTask: (params: CancelTaskRequest, context) =>
      guard(async () => {
        checkParams('CancelTask', { id: params.id })
        return handler.cancel(params, stateOf(context))
      }),
    resubscribe: (params: SubscribeToTaskRequest, context) =>
      flat(async () => {
        checkParams('SubscribeToTask', { id: params.id })
        return streamingOf(handler).subscribe(params, stateOf(context))
      }),
    createTaskPushNotificationConfig: (params, context) =>
      push((methods) => methods.create(params, stateOf(context).owner)),
    getTaskPushNotificationConfig: (params, context) =>
      push((methods) => methods.get(params, stateOf(context).owner)),
    listTaskPushNotificationConfigs: (params, context) =>
      push((methods) => methods.list(params, stateOf(context).owner)),
    deleteTaskPushNotificationConfig: (params, context) =>
      push((methods) => methods.delete(params, stateOf(context).owner)),
  }
  const legacy = new LegacyJsonRpcTransportHandler(adapter)
  return (call, state) =>
    legacy.handle(
      call as Record<string, unknown>,
      new ServerCallContext({ requestedVersion: '0.3', state: new Map([['call', state]]) }),
    )
}
