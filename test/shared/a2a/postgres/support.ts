import {
  createPostgresTaskStore,
  type PostgresTaskStoreOptions,
} from '../../../../shared/a2a/postgres/postgres-task-store.ts'
import { createLog } from '../../../../shared/config/log.ts'
import { createNotifications } from '../../../../shared/storage/notifications.ts'
import type { TestDatabase } from '../../../harness/database.ts'

const silent = createLog({ write: () => {}, level: 'silent', service: 's', now: Date.now, secrets: [] })

/** Stores as processes of their own would have them: each with its name and its own ear, on one database. */
export function processesOn(database: TestDatabase) {
  const closers: (() => unknown)[] = []
  let count = 0
  const process = (given: Partial<PostgresTaskStoreOptions> & { polls?: boolean } = {}) => {
    const { polls, ...rest } = given
    const words = polls ? null : createNotifications(database.url, 'a2a')
    const store = createPostgresTaskStore({
      db: database.db,
      service: 'ds_analysts',
      holder: `process_${++count}`,
      now: () => Date.now(),
      log: silent,
      words,
      ...rest,
    })
    closers.push(() => store.close())
    if (words) closers.push(() => words.close())
    return store
  }
  return {
    process,
    async closeAll() {
      for (const close of closers.splice(0).toReversed()) await close()
    },
  }
}
