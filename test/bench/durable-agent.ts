import { createPostgresTaskStore } from '../../shared/a2a/postgres/postgres-task-store.ts'
import type { Db } from '../../shared/storage/db.ts'
import { createNotifications } from '../../shared/storage/notifications.ts'
import { asMany, createAgent, log } from './echo-agent.ts'

/** An agent that says as many words as it is told, with its tasks in Postgres. */
export function openDurableAgent(db: Db, url: string, holder: string) {
  const words = createNotifications(url, 'bench')
  const now = () => Date.now()
  const tasks = createPostgresTaskStore({ db, service: 'ds_analysts', holder, now, log, words })
  return {
    fetch: createAgent('ds_analysts', asMany, tasks),
    async close() {
      await tasks.close()
      await words.close()
    },
  }
}
