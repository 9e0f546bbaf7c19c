import { TaskPushNotificationConfig } from '@a2a-js/sdk'
import type { Context, Hono, MiddlewareHandler } from 'hono'
import type { AppEnv } from '../http/app-env.ts'
import { readJson } from '../http/body.ts'
import { type BindingDeps, configsJson, openCall } from './binding.ts'
import { pushOf } from './push-of.ts'
import { json } from './rest-answer.ts'
import { checkParams } from './validate.ts'

type Serve = (c: Context<AppEnv>) => Promise<Response>

/** Serves the configs of push notifications below their task; `route` turns faults into answers. */
export function registerPushConfigs(
  app: Hono<AppEnv>,
  authenticate: MiddlewareHandler<AppEnv>,
  deps: BindingDeps,
  route: (serve: Serve) => Serve,
): void {
  const ownerOf = (c: Context<AppEnv>) => openCall(c, deps).state.owner
  const idsOf = (c: Context<AppEnv>) => ({
    tenant: '',
    taskId: c.req.param('id') ?? '',
    id: c.req.param('config') ?? '',
  })

  const create = route(async (c) => {
    const push = pushOf(deps.handler)
    const { taskId } = idsOf(c)
    const body = { ...((await readJson(c)) as object), taskId }
    checkParams('CreateTaskPushNotificationConfig', body)
    const made = await push.create(TaskPushNotificationConfig.fromJSON(body), ownerOf(c))
    return json(c, TaskPushNotificationConfig.toJSON(made), 201)
  })
  const get = route(async (c) =>
    json(c, TaskPushNotificationConfig.toJSON(await pushOf(deps.handler).get(idsOf(c), ownerOf(c)))),
  )
  const list = route(async (c) => {
    const params = { ...idsOf(c), pageSize: 0, pageToken: '' }
    return json(c, configsJson(await pushOf(deps.handler).list(params, ownerOf(c))))
  })
  const remove = route(async (c) => {
    await pushOf(deps.handler).delete(idsOf(c), ownerOf(c))
    return new Response(null, { status: 204 })
  })

  const path = '/tasks/:id/pushNotificationConfigs'
  app.post(path, authenticate, create)
  app.get(path, authenticate, list)
  app.get(`${path}/:config`, authenticate, get)
  app.delete(`${path}/:config`, authenticate, remove)
}
