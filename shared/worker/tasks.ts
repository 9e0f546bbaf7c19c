import { createMemoryTaskStore } from '../a2a/memory-task-store.ts'
import { createPostgresTaskStore, type PostgresTaskStore } from '../a2a/postgres/postgres-task-store.ts'
import type { TaskStore } from '../a2a/task-store.ts'
import type { ServiceName } from '../domain/names.ts'
import type { Db } from '../storage/db.ts'
import type { Basics } from './basics.ts'
import type { Scope } from './scope.ts'

/** Tasks that one request can leave in memory: its own. */
const IN_MEMORY = 10

/** Where a worker keeps its A2A tasks: in Postgres where it is bound to one, else in the memory of the request. */
export function openTasks(service: ServiceName, db: Db | null, basics: Basics, scope: Scope): TaskStore {
  if (db === null) return createMemoryTaskStore({ max: IN_MEMORY, now: basics.now })
  const store = storeOf(service, db, basics)
  scope.onClose(store.close)
  return store
}

/** Ends what lost its request, and removes what is old, of these services. */
export async function sweepTasks(services: readonly ServiceName[], db: Db, basics: Basics): Promise<void> {
  for (const service of services) {
    const store = storeOf(service, db, basics)
    await store.sweep()
    await store.close()
  }
}

function storeOf(service: ServiceName, db: Db, { now, newId, log }: Basics): PostgresTaskStore {
  // Each request is a holder of its own, and hears of others by the tables alone.
  return createPostgresTaskStore({ db, words: null, service, holder: newId('call'), now, log })
}
