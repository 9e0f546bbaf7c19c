import {
  A2A_VERSION_HEADER,
  CancelTaskRequest,
  DeleteTaskPushNotificationConfigRequest,
  GetTaskPushNotificationConfigRequest,
  GetTaskRequest,
  ListTaskPushNotificationConfigsRequest,
  ListTasksRequest,
  SendMessageRequest,
  SubscribeToTaskRequest,
  Task,
  TaskPushNotificationConfig,
} from '@a2a-js/sdk'
import { ContentTypeNotSupportedError } from '@a2a-js/sdk/errors'
import { validateVersion } from '@a2a-js/sdk/server'
import type { Context, Hono, MiddlewareHandler } from 'hono'
import type { AppEnv } from '../http/app-env.ts'
import {
  answerStream,
  type BindingDeps,
  configsJson,
  extendedCardJson,
  extensionsOf,
  logFault,
  openCall,
  pageJson,
  payloadText,
  sendJson,
} from './binding.ts'
import type { CallState } from './call-state.ts'
import { isOurFault, toRpcFault } from './faults.ts'
import { createLegacyHandler } from './legacy.ts'
import { A2A_VERSION, LEGACY_VERSION } from './protocol.ts'
import { pushOf } from './push-of.ts'
import type { RequestHandler, StreamBatches } from './request-handler.ts'
import { streamingOf } from './streaming-of.ts'
import { checkParams } from './validate.ts'

/** Method names of protocol 1.0; a call of one without a version header is taken as 1.0. */
const METHODS = new Set([
  'SendMessage',
  'SendStreamingMessage',
  'GetTask',
  'ListTasks',
  'CancelTask',
  'SubscribeToTask',
  'CreateTaskPushNotificationConfig',
  'GetTaskPushNotificationConfig',
  'ListTaskPushNotificationConfigs',
  'DeleteTaskPushNotificationConfig',
  'GetExtendedAgentCard',
])

type RpcId = string | number | null

const STREAMING = new Set(['SendStreamingMessage', 'SubscribeToTask'])

interface RpcCall {
  readonly jsonrpc: '2.0'
  readonly id: RpcId
  readonly method: string
  readonly params?: unknown
}

/** An error of the envelope itself, by the codes of https://www.jsonrpc.org/specification#error_object . */
class EnvelopeFault extends Error {
  override readonly name = 'EnvelopeFault'
  readonly code: number
  readonly id: RpcId

  constructor(code: number, message: string, id: RpcId = null) {
    super(message)
    this.code = code
    this.id = id
  }
}

function isId(id: unknown): id is RpcId {
  return typeof id === 'string' || id === null || (typeof id === 'number' && Number.isInteger(id))
}

function parseCall(text: string): RpcCall | 'notification' {
  let call: unknown
  try {
    call = JSON.parse(text)
  } catch {
    throw new EnvelopeFault(-32700, 'The body is not valid JSON.')
  }
  if (Array.isArray(call))
    throw new EnvelopeFault(-32600, 'Batches are not supported. Send one call at a time.')
  if (typeof call !== 'object' || call === null)
    throw new EnvelopeFault(-32600, 'The body must be an object.')
  const { jsonrpc, id, method, params } = call as Record<string, unknown>
  if (id !== undefined && !isId(id))
    throw new EnvelopeFault(-32600, 'id must be a string, a whole number or null.')
  if (jsonrpc !== '2.0') throw new EnvelopeFault(-32600, 'jsonrpc must be "2.0".', id)
  if (typeof method !== 'string' || method === '')
    throw new EnvelopeFault(-32600, 'method must be a text.', id)
  return id === undefined ? 'notification' : { jsonrpc, id, method, params }
}

/** The version that a call is of. Throws VersionNotSupported for one that the card does not list. */
function versionOf(c: Context<AppEnv>, deps: BindingDeps, method: string): string {
  const asked = c.req.raw.headers.get(A2A_VERSION_HEADER) || c.req.query(A2A_VERSION_HEADER)
  if (asked === A2A_VERSION || (!asked && METHODS.has(method))) return A2A_VERSION
  // The patch number never counts: 1.0.1 is 1.0. Without a version a call is one of 0.3.
  const version = (asked || LEGACY_VERSION).split('.', 2).join('.')
  validateVersion(version, deps.card, 'JSONRPC')
  return version
}

async function dispatch(call: RpcCall, state: CallState, deps: BindingDeps): Promise<unknown> {
  const { method, params } = call
  const { handler } = deps
  const { owner } = state
  switch (method) {
    case 'SendMessage':
      return sendJson(await handler.send(SendMessageRequest.fromJSON(params), state))
    case 'GetTask':
      return Task.toJSON(await handler.get(GetTaskRequest.fromJSON(params), state))
    case 'ListTasks': {
      const request = ListTasksRequest.fromJSON(params)
      return pageJson(await handler.list(request, state), request.includeArtifacts)
    }
    case 'CancelTask':
      return Task.toJSON(await handler.cancel(CancelTaskRequest.fromJSON(params), state))
    case 'CreateTaskPushNotificationConfig': {
      const config = TaskPushNotificationConfig.fromJSON(params)
      return TaskPushNotificationConfig.toJSON(await pushOf(handler).create(config, owner))
    }
    case 'GetTaskPushNotificationConfig': {
      const request = GetTaskPushNotificationConfigRequest.fromJSON(params)
      return TaskPushNotificationConfig.toJSON(await pushOf(handler).get(request, owner))
    }
    case 'ListTaskPushNotificationConfigs': {
      const request = ListTaskPushNotificationConfigsRequest.fromJSON(params)
      return configsJson(await pushOf(handler).list(request, owner))
    }
    case 'DeleteTaskPushNotificationConfig':
      await pushOf(handler).delete(DeleteTaskPushNotificationConfigRequest.fromJSON(params), owner)
      return {}
    case 'GetExtendedAgentCard':
      return JSON.parse(await extendedCardJson(deps))
    default:
      throw new EnvelopeFault(-32601, 'There is no such method.', call.id)
  }
}

/** A capability that the card does not have is refused before anything else is looked at. */
function refuseWhatIsOff(method: string, handler: RequestHandler): void {
  if (method.includes('PushNotificationConfig')) pushOf(handler)
  if (STREAMING.has(method)) streamingOf(handler)
}

/** The stream of a streaming method, null for another. */
async function streamOf(
  call: RpcCall,
  state: CallState,
  handler: RequestHandler,
): Promise<StreamBatches | null> {
  if (call.method === 'SendStreamingMessage')
    return streamingOf(handler).send(SendMessageRequest.fromJSON(call.params), state)
  if (call.method === 'SubscribeToTask')
    return streamingOf(handler).subscribe(SubscribeToTaskRequest.fromJSON(call.params), state)
  return null
}

function isStream(answer: unknown): answer is AsyncGenerator<unknown, void, undefined> {
  return typeof answer === 'object' && answer !== null && Symbol.asyncIterator in answer
}

/** A stream whose first item is there; throws what kept it from coming. */
async function startedBatches(
  items: AsyncGenerator<unknown, void, undefined>,
): Promise<AsyncGenerator<readonly unknown[], void, undefined>> {
  const first = await items.next()
  return (async function* () {
    try {
      if (!first.done) yield [first.value]
      for await (const item of items) yield [item]
    } finally {
      await items.return()
    }
  })()
}

/** Serves JSON-RPC at `/` and `/rpc`, behind the given authentication. HTTP is 200 also for errors of a call. */
export function registerJsonRpc(
  app: Hono<AppEnv>,
  authenticate: MiddlewareHandler<AppEnv>,
  deps: BindingDeps,
): void {
  const legacy = createLegacyHandler(deps, (thrown) => {
    if (isOurFault(thrown)) deps.log.error('a2a call failed', { error: thrown })
  })

  /** The same for a call of 0.3, whose errors are in its answer. */
  const answerLegacy = async (c: Context<AppEnv>, call: RpcCall): Promise<Response> => {
    const open = openCall(c, deps)
    const answer = await legacy(call, open.state)
    if (!isStream(answer)) return c.json(answer)
    // What can fail at once has failed with the first event.
    const envelopes = await startedBatches(answer)
    return answerStream(c, deps, open, envelopes, {
      encode: (envelope) => JSON.stringify(envelope),
      encodeFault: (thrown) => JSON.stringify({ jsonrpc: '2.0', id: call.id, error: toRpcFault(thrown) }),
    })
  }

  const answer = async (c: Context<AppEnv>, call: RpcCall): Promise<Response> => {
    const { id } = call
    const fault = (thrown: unknown) => ({ jsonrpc: '2.0', id, error: toRpcFault(thrown) })
    try {
      const version = versionOf(c, deps, call.method)
      const withExtensions = extensionsOf(c, deps.card)
      if (version === LEGACY_VERSION) return withExtensions(await answerLegacy(c, call))
      if (!METHODS.has(call.method)) throw new EnvelopeFault(-32601, 'There is no such method.', id)
      refuseWhatIsOff(call.method, deps.handler)
      checkParams(call.method, call.params, deps.card)
      const open = openCall(c, deps)
      const stream = await streamOf(call, open.state, deps.handler)
      if (!stream) {
        const result = await dispatch(call, open.state, deps)
        return withExtensions(c.json({ jsonrpc: '2.0', id, result }))
      }
      const head = `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":`
      const answer = answerStream(c, deps, open, stream, {
        encode: (payload) => `${head}${payloadText(payload)}}`,
        encodeFault: (thrown) => JSON.stringify(fault(thrown)),
      })
      return withExtensions(answer)
    } catch (thrown) {
      if (thrown instanceof EnvelopeFault) throw thrown
      logFault(c, deps.log, thrown)
      return c.json(fault(thrown))
    }
  }

  const post = async (c: Context<AppEnv>): Promise<Response> => {
    const type = c.req.raw.headers.get('content-type') ?? ''
    const text = await c.req.text()
    try {
      if (!/^application\/(a2a\+)?json\s*(;|$)/i.test(type))
        throw new ContentTypeNotSupportedError('The Content-Type must be application/json.')
      const call = parseCall(text)
      // Nobody waits for an answer, so no work is done that nobody could read.
      if (call === 'notification') return c.body(null, 204)
      c.get('logFields').rpc = METHODS.has(call.method) ? call.method : 'unknown'
      return await answer(c, call)
    } catch (thrown) {
      if (!(thrown instanceof EnvelopeFault))
        return c.json({ jsonrpc: '2.0', id: null, error: toRpcFault(thrown) })
      const { code, message, id } = thrown
      return c.json({ jsonrpc: '2.0', id, error: { code, message } })
    }
  }

  for (const path of ['/', '/rpc', '/rpc/']) app.post(path, authenticate, post)
}
