import { createPushMethods, type PushMethods } from '../../shared/a2a/push/push.ts'
import { createPushKeys } from '../../shared/a2a/push/seal.ts'
import { createPushSender } from '../../shared/a2a/push/sender.ts'
import type { TaskStore } from '../../shared/a2a/task-store.ts'
import { createPushNet } from './push-net.ts'
import { needDb, type Resources } from './resources.ts'

/** Push notifications of the gateway's tasks, and how they are sent. */
export interface Push {
  readonly methods: PushMethods
  start(): void
  stop(): Promise<void>
}

/** Null: none are configured. */
export function wirePush(resources: Resources, tasks: TaskStore): Push | null {
  const { settings, newId, now, log } = resources
  const { push } = settings
  if (!push) return null
  const shared = {
    db: needDb(resources),
    service: 'gateway' as const,
    keys: createPushKeys(push.secret),
    rules: { origins: push.targets, anywhere: false },
  }
  const sender = createPushSender({
    ...shared,
    holder: newId('call'),
    net: createPushNet(),
    now,
    log: log.child({ service: 'gateway' }),
    random: Math.random,
  })
  return {
    methods: createPushMethods({ ...shared, tasks, newId }),
    start: sender.start,
    stop: sender.stop,
  }
}
