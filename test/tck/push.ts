import { createPushMethods, type PushMethods } from '../../shared/a2a/push/push.ts'
import { createPushKeys } from '../../shared/a2a/push/seal.ts'
import { createPushSender, type PushSender } from '../../shared/a2a/push/sender.ts'
import type { TaskStore } from '../../shared/a2a/task-store.ts'
import type { Log } from '../../shared/config/log.ts'
import type { NewId, Now } from '../../shared/domain/ids.ts'
import type { Db } from '../../shared/storage/db.ts'
import { loopbackNet } from './loopback-net.ts'

/** Push notifications of the kit's agent, which asks for targets on this machine, and their sender, not yet started. */
export function createTckPush(deps: {
  readonly db: Db
  readonly tasks: TaskStore
  readonly now: Now
  readonly newId: NewId
  readonly log: Log
}): { readonly methods: PushMethods; readonly sender: PushSender } {
  const { db, tasks, now, newId, log } = deps
  const shared = {
    db,
    service: 'gateway' as const,
    keys: createPushKeys('a-secret-of-the-conformance-kit'),
    rules: { origins: null, anywhere: true },
  }
  return {
    methods: createPushMethods({ ...shared, tasks, newId }),
    sender: createPushSender({
      ...shared,
      holder: newId('call'),
      net: loopbackNet,
      now,
      log,
      random: Math.random,
    }),
  }
}
