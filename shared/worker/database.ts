import { createDb, type Db } from '../storage/db.ts'
import { databaseUrl, type WorkerEnv } from './bindings.ts'
import type { Scope } from './scope.ts'

/** A client of this request's own, as the platform wants it; nothing is sent before the first query. Closed with the scope. */
export function openDb(env: WorkerEnv, scope: Scope): Db {
  const { db, close } = createDb(databaseUrl(env), { max: 1 })
  scope.onClose(close)
  return db
}
