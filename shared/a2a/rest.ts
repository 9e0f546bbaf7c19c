import {
  A2A_VERSION_HEADER,
  CancelTaskRequest,
  GetTaskRequest,
  ListTasksRequest,
  SendMessageRequest,
  type StreamResponse,
  SubscribeToTaskRequest,
  Task,
} from '@a2a-js/sdk'
import { validateVersion } from '@a2a-js/sdk/server'
import type { Context, Hono, MiddlewareHandler } from 'hono'
import { AetherError } from '../errors/aether-error.ts'
import type { AppEnv } from '../http/app-env.ts'
import { readJson } from '../http/body.ts'
import {
  answerStream,
  type BindingDeps,
  extendedCardJson,
  extensionsOf,
  logFault,
  openCall,
  pageJson,
  payloadText,
  type StreamForm,
  sendJson,
} from './binding.ts'
import { toRestFault } from './faults.ts'
import { answerType, isJson, json } from './rest-answer.ts'
import { registerPushConfigs } from './rest-push.ts'
import { streamingOf } from './streaming-of.ts'
import { checkParams } from './validate.ts'

/** Payloads stand in the events as they are. */
const FORM: StreamForm<StreamResponse> = {
  encode: payloadText,
  encodeFault: (thrown) => JSON.stringify(toRestFault(thrown).body),
}

/** A number of the query: absent stays absent, what is no whole number is refused by its name. */
function whole(c: Context<AppEnv>, name: string): { [key: string]: number } {
  const text = c.req.query(name)
  if (text === undefined) return {}
  if (!/^-?\d{1,9}$/.test(text))
    throw new AetherError('INVALID_INPUT', `${name} must be a whole number.`, { details: { param: name } })
  return { [name]: Number(text) }
}

function text(c: Context<AppEnv>, name: string): { [key: string]: string } {
  const value = c.req.query(name)
  return value === undefined ? {} : { [name]: value }
}

/** Serves the HTTP+JSON binding at the root, behind the given authentication. */
export function registerRest(
  app: Hono<AppEnv>,
  authenticate: MiddlewareHandler<AppEnv>,
  deps: BindingDeps,
): void {
  const { handler } = deps

  const route =
    (serve: (c: Context<AppEnv>) => Promise<Response>) =>
    async (c: Context<AppEnv>): Promise<Response> => {
      try {
        const asked = c.req.raw.headers.get(A2A_VERSION_HEADER) || c.req.query(A2A_VERSION_HEADER)
        // This binding exists since 1.0, so a call without a version can mean no other.
        if (asked) validateVersion(asked.split('.', 2).join('.'), deps.card, 'HTTP+JSON')
        const withExtensions = extensionsOf(c, deps.card)
        return withExtensions(await serve(c))
      } catch (thrown) {
        logFault(c, deps.log, thrown)
        const { status, body } = toRestFault(thrown)
        return json(c, body, status)
      }
    }

  const readParams = async (c: Context<AppEnv>, method: string): Promise<unknown> => {
    const params = await readJson(c)
    checkParams(method, params, deps.card)
    return params
  }

  const wrongType = (c: Context<AppEnv>) =>
    json(
      c,
      {
        error: {
          code: 415,
          status: 'INVALID_ARGUMENT',
          message: 'The Content-Type must be application/json.',
          details: [],
        },
      },
      415,
    )

  const send = route(async (c) => {
    if (!isJson(c)) return wrongType(c)
    const params = SendMessageRequest.fromJSON(await readParams(c, 'SendMessage'))
    return json(c, sendJson(await handler.send(params, openCall(c, deps).state)))
  })

  const sendStream = route(async (c) => {
    if (!isJson(c)) return wrongType(c)
    const streaming = streamingOf(handler)
    const params = SendMessageRequest.fromJSON(await readParams(c, 'SendStreamingMessage'))
    const open = openCall(c, deps)
    return answerStream(c, deps, open, await streaming.send(params, open.state), FORM)
  })

  const list = route(async (c) => {
    const includeArtifacts = c.req.query('includeArtifacts') === 'true'
    const params = {
      ...text(c, 'contextId'),
      ...text(c, 'status'),
      ...text(c, 'pageToken'),
      ...text(c, 'statusTimestampAfter'),
      ...whole(c, 'pageSize'),
      ...whole(c, 'historyLength'),
      includeArtifacts,
    }
    checkParams('ListTasks', params)
    const page = await handler.list(ListTasksRequest.fromJSON(params), openCall(c, deps).state)
    return json(c, pageJson(page, includeArtifacts))
  })

  const get = async (c: Context<AppEnv>, id: string) => {
    const params = { id, ...whole(c, 'historyLength') }
    checkParams('GetTask', params)
    return json(c, Task.toJSON(await handler.get(GetTaskRequest.fromJSON(params), openCall(c, deps).state)))
  }

  const cancel = async (c: Context<AppEnv>, id: string) => {
    checkParams('CancelTask', { id })
    const params = CancelTaskRequest.fromJSON({ id })
    return json(c, Task.toJSON(await handler.cancel(params, openCall(c, deps).state)))
  }

  const subscribe = async (c: Context<AppEnv>, id: string) => {
    const streaming = streamingOf(handler)
    checkParams('SubscribeToTask', { id })
    const params = SubscribeToTaskRequest.fromJSON({ id })
    const open = openCall(c, deps)
    return answerStream(c, deps, open, await streaming.subscribe(params, open.state), FORM)
  }

  /** `/tasks/{id}` and, behind the last colon, what to do with it. */
  const task = route(async (c) => {
    const param = c.req.param('id') ?? ''
    const colon = param.lastIndexOf(':')
    const action = colon < 0 ? '' : param.slice(colon + 1)
    const id = param.slice(0, colon)
    const isPost = c.req.method === 'POST'
    if (action === 'subscribe') return subscribe(c, id)
    if (action === 'cancel' && isPost) return cancel(c, id)
    if (isPost) throw new AetherError('METHOD_NOT_ALLOWED')
    return get(c, param)
  })

  app.post('/message:send', authenticate, send)
  app.post('/message:stream', authenticate, sendStream)
  app.get('/tasks', authenticate, list)
  app.get('/tasks/:id', authenticate, task)
  app.post('/tasks/:id', authenticate, task)
  app.get(
    '/extendedAgentCard',
    authenticate,
    route(async (c) => {
      const headers = { 'content-type': answerType(c), 'cache-control': 'private, no-store' }
      return new Response(await extendedCardJson(deps), { headers })
    }),
  )
  registerPushConfigs(app, authenticate, deps, route)
}
