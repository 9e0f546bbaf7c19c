import type {
  DeleteTaskPushNotificationConfigRequest,
  GetTaskPushNotificationConfigRequest,
  ListTaskPushNotificationConfigsRequest,
  ListTaskPushNotificationConfigsResponse,
  TaskPushNotificationConfig,
} from '@a2a-js/sdk'
import type { NewId } from '../../domain/ids.ts'
import type { ServiceName } from '../../domain/names.ts'
import { AetherError } from '../../errors/aether-error.ts'
import {
  deletePushConfig,
  listPushConfigs,
  type PushConfigRow,
  savePushConfig,
} from '../../storage/a2a-push/push-configs.ts'
import type { Db } from '../../storage/db.ts'
import { storageCall } from '../../storage/storage-call.ts'
import type { TaskRef, TaskStore } from '../task-store.ts'
import type { PushKeys } from './seal.ts'
import { type PushRules, readTarget } from './target.ts'

/** A2A's methods on push notifications. All throw TASK_NOT_FOUND for a task that is not the owner's. */
export interface PushMethods {
  /** Throws INVALID_INPUT for a wish that cannot be kept. */
  check(config: TaskPushNotificationConfig): void
  /** Keeps a wish; `after` is the generation that its receiver knows already (the present one where none is given). */
  create(
    config: TaskPushNotificationConfig,
    owner: string,
    after?: number,
  ): Promise<TaskPushNotificationConfig>
  get(params: GetTaskPushNotificationConfigRequest, owner: string): Promise<TaskPushNotificationConfig>
  list(
    params: ListTaskPushNotificationConfigsRequest,
    owner: string,
  ): Promise<ListTaskPushNotificationConfigsResponse>
  delete(params: DeleteTaskPushNotificationConfigRequest, owner: string): Promise<void>
}

export interface PushDeps {
  readonly db: Db
  readonly service: ServiceName
  readonly tasks: Pick<TaskStore, 'read'>
  readonly newId: NewId
  readonly keys: PushKeys
  readonly rules: PushRules
}

const CALL_MS = 2_000
/** Wishes of one task. */
const MAX = 10
const MAX_SECRET = 4_096
/** Characters of a header's value: a line's end in one would begin another header. */
const HEADER_VALUE = /^[\x20-\x7e]*$/
const SCHEME = /^[A-Za-z][\w.+-]{0,63}$/

function refuse(param: string, reason: string): never {
  throw new AetherError('INVALID_INPUT', `${param} ${reason}.`, { details: { param } })
}

/** The wishes of tasks in Postgres. What a wish holds as secrets is never shown again. */
export function createPushMethods(deps: PushDeps): PushMethods {
  const { db, tasks, keys, rules } = deps
  const call = <T>(work: () => Promise<T>) => storageCall(CALL_MS, work)

  const taskOf = async (ref: TaskRef) => {
    const known = await tasks.read(ref)
    if (!known) throw new AetherError('TASK_NOT_FOUND')
    return known
  }
  const shown = (row: PushConfigRow): TaskPushNotificationConfig => ({
    tenant: '',
    taskId: row.taskId,
    id: row.id,
    url: row.url,
    token: '',
    authentication: row.scheme === '' ? undefined : { scheme: row.scheme, credentials: '' },
  })
  const check = (config: TaskPushNotificationConfig) => {
    readTarget(config.url, rules)
    const { token, authentication: auth } = config
    if (token.length > MAX_SECRET || !HEADER_VALUE.test(token)) refuse('token', 'must be visible ASCII')
    if (!auth) return
    if (!SCHEME.test(auth.scheme)) refuse('authentication.scheme', 'must be the name of an HTTP scheme')
    if (auth.credentials.length > MAX_SECRET || !HEADER_VALUE.test(auth.credentials))
      refuse('authentication.credentials', 'must be visible ASCII')
  }

  return {
    check,
    async create(config, owner, after) {
      check(config)
      const { generation } = await taskOf({ owner, id: config.taskId })
      const { token, authentication: auth } = config
      const row = {
        taskId: config.taskId,
        id: config.id || deps.newId('call'),
        url: config.url,
        scheme: auth?.scheme ?? '',
        sealed: await keys.seal({ token, credentials: auth?.credentials ?? '' }),
      }
      if (!(await call(() => savePushConfig(db, { ...row, after: after ?? generation, max: MAX }))))
        throw new AetherError('INVALID_INPUT', `A task takes at most ${MAX} push notification configs.`)
      return shown(row)
    },
    async get(params, owner) {
      await taskOf({ owner, id: params.taskId })
      const row = (await call(() => listPushConfigs(db, params.taskId))).find(({ id }) => id === params.id)
      if (!row) throw new AetherError('TASK_NOT_FOUND', 'There is no such push notification config.')
      return shown(row)
    },
    async list(params, owner) {
      await taskOf({ owner, id: params.taskId })
      const rows = await call(() => listPushConfigs(db, params.taskId))
      return { configs: rows.map(shown), nextPageToken: '' }
    },
    async delete(params, owner) {
      await taskOf({ owner, id: params.taskId })
      await call(() => deletePushConfig(db, params))
    },
  }
}
