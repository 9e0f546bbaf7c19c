import { createMemoryTaskStore } from '../../shared/a2a/memory-task-store.ts'
import {
  createPostgresTaskStore,
  type PostgresTaskStore,
} from '../../shared/a2a/postgres/postgres-task-store.ts'
import type { TaskStore } from '../../shared/a2a/task-store.ts'
import type { Log } from '../../shared/config/log.ts'
import type { NewId, Now } from '../../shared/domain/ids.ts'
import type { ServiceName } from '../../shared/domain/names.ts'
import type { Db } from '../../shared/storage/db.ts'
import type { Notifications } from '../../shared/storage/notifications.ts'

/** Where the services of a process keep their A2A tasks. */
export interface TaskStores {
  of(service: ServiceName): TaskStore
  close(): Promise<void>
}

/** Tasks that a service keeps in memory; the oldest that have ended go first. */
const IN_MEMORY = 1_000

/**
 * Postgres where the process has one; else, and in ds_analysts, whose results its caller stores, bounded memory. A
 * store in Postgres begins to sweep when it is made.
 */
export function createTaskStores(deps: {
  readonly storage: { readonly db: Db; readonly words: Notifications } | null
  readonly now: Now
  readonly newId: NewId
  readonly log: Log
}): TaskStores {
  const { storage, now, newId, log } = deps
  const stores: PostgresTaskStore[] = []
  return {
    of(service) {
      if (!storage || service === 'ds_analysts') return createMemoryTaskStore({ max: IN_MEMORY, now })
      const store = createPostgresTaskStore({
        ...storage,
        service,
        holder: newId('call'),
        now,
        log: log.child({ service }),
      })
      store.start()
      stores.push(store)
      return store
    },
    async close() {
      await Promise.all(stores.map((store) => store.close()))
    },
  }
}
