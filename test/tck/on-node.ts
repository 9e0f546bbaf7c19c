import type { Closers } from '../../infrastructure/node/closers.ts'
import { createMemoryTaskStore } from '../../shared/a2a/memory-task-store.ts'
import { createPostgresTaskStore } from '../../shared/a2a/postgres/postgres-task-store.ts'
import type { PushMethods } from '../../shared/a2a/push/push.ts'
import type { TaskStore } from '../../shared/a2a/task-store.ts'
import { createNewId } from '../../shared/domain/ids.ts'
import { createNotifications } from '../../shared/storage/notifications.ts'
import { openDatabase } from '../harness/database.ts'
import { type Capabilities, type Host, log, opening } from './profile.ts'
import { createTckPush } from './push.ts'
import { serveAgent } from './serve-agent.ts'

const MAX = 10_000

/** The kit's agent as Node serves it: with tasks in Postgres where notifications are sent, which need it, else in memory. */
export function startOnNode({ streaming, push }: Capabilities): Promise<Host> {
  return opening(async (closers) => {
    if (!push) {
      const tasks = createMemoryTaskStore({ max: MAX, now: Date.now })
      return serve({ tasks, push: null, streaming }, closers)
    }
    const database = await openDatabase()
    closers.add('database', database.drop)
    const words = createNotifications(database.url, 'a2a')
    closers.add('words', words.close)
    const now = () => Date.now()
    const newId = createNewId(now)
    const { db } = database
    const tasks = createPostgresTaskStore({ db, service: 'gateway', holder: newId('call'), now, log, words })
    closers.add('tasks', tasks.close)
    const { methods, sender } = createTckPush({ db, tasks, now, newId, log })
    sender.start()
    closers.add('sender', sender.stop)
    return serve({ tasks, push: methods, streaming }, closers)
  })
}

async function serve(
  agent: { tasks: TaskStore; push: PushMethods | null; streaming: boolean },
  closers: Closers,
): Promise<string> {
  const server = await serveAgent({ ...agent, log })
  closers.add('server', server.stop)
  return server.url
}
