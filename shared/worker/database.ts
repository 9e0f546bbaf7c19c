import { AetherError } from '../errors/aether-error.ts'
import { createDb, type Db } from '../storage/db.ts'
import { databaseUrl, type WorkerEnv } from './bindings.ts'
import type { Scope } from './scope.ts'

/** The request's database, or null in a worker that is bound to none. */
export function openDbIfBound(env: WorkerEnv, scope: Scope): Db | null {
  return env.HYPERDRIVE === undefined ? null : openDb(env, scope)
}

/** The database of a worker that must have one. */
export function needDb(db: Db | null, env: WorkerEnv): Db {
  databaseUrl(env) // says what is missing
  if (db === null) throw new AetherError('STORAGE_UNAVAILABLE')
  return db
}

/** A client of this request's own, as the platform wants it; nothing is sent before the first query. Closed with the scope. */
export function openDb(env: WorkerEnv, scope: Scope): Db {
  const { db, close } = createDb(databaseUrl(env), { max: 1, prepare: false })
  scope.onClose(close)
  return db
}
