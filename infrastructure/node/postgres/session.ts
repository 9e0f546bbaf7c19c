import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import { splitSocket } from '../../../shared/storage/db.ts'

/** Advisory locks of the embedded database: who uses it (shared), and which process is the server (exclusive). */
const USERS = 727_275
const SERVER = 727_276

/** After a `kill -9` the database needs a moment to notice that the connection is gone. */
const SERVER_TRIES = 10
const SERVER_PAUSE_MS = 100

/** Our place among the users of an embedded database: one connection, whose end gives up all it holds. */
export interface Session {
  /** Becomes the one server; false when there is one. */
  beServer(): Promise<boolean>
  /** Whether the locks are still ours: a connection that was cut and made anew has none. */
  isWhole(): Promise<boolean>
  /** Gives up our use; true when nobody else uses the database, who then cannot come in any more. */
  isLast(): Promise<boolean>
  close(): Promise<void>
}

/** Opens the session; null when the database goes down, or is not the one of this cluster. */
export async function openSession(options: { url: string; cluster: string }): Promise<Session | null> {
  const { address, path } = splitSocket(options.url)
  const sql = postgres(address, {
    ...(path === null ? {} : { path }),
    max: 1,
    connect_timeout: 5,
    fetch_types: false,
    max_lifetime: null, // a renewed connection would have lost its locks
    connection: { application_name: 'aether-session' },
    onnotice() {},
  })
  const yes = async (query: postgres.PendingQuery<{ yes: boolean }[]>) => (await query)[0]?.yes === true
  try {
    const [row] = await sql<{ cluster: string }[]>`select current_setting('data_directory') as cluster`
    if (row?.cluster !== options.cluster) throw new Error('another cluster answers')
    await sql`select pg_advisory_lock_shared(${USERS})`
  } catch {
    await sql.end({ timeout: 1 })
    return null // it goes down, or comes up: the caller looks again
  }
  return {
    async beServer() {
      for (let tries = 1; tries <= SERVER_TRIES; tries++) {
        if (await yes(sql`select pg_try_advisory_lock(${SERVER}) as yes`)) return true
        await sleep(SERVER_PAUSE_MS)
      }
      return false
    },
    async isWhole() {
      try {
        return await yes(sql`select exists (select from pg_locks
          where locktype = 'advisory' and objid = ${USERS} and pid = pg_backend_pid()) as yes`)
      } catch {
        return false // the connection has just been cut
      }
    },
    async isLast() {
      try {
        await sql`select pg_advisory_unlock_shared(${USERS})`
        return await yes(sql`select pg_try_advisory_lock(${USERS}) as yes`)
      } catch {
        return false // it is gone already
      }
    },
    close: () => sql.end({ timeout: 1 }),
  }
}
