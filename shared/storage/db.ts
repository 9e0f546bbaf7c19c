import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import { prepareStatements } from './prepare-statements.ts'

/** A database with all our tables. */
export type Db = PostgresJsDatabase<Record<string, never>> & { readonly $client: postgres.Sql }

export interface PoolOptions {
  readonly max: number
  /** What the server calls its connections. */
  readonly name?: string
}

const LONGEST_BACKOFF_S = 1

/**
 * A raw pool. As with libpq, `?host=/folder` in the URL names the folder of a Unix socket, whose number is the port of
 * the URL. Nothing is sent before the first query.
 */
export function openPool(url: string, options: PoolOptions): postgres.Sql {
  const { address, path } = splitSocket(url)
  return postgres(address, {
    ...(path === null ? {} : { path }),
    max: options.max,
    connect_timeout: 5,
    backoff,
    fetch_types: false, // saves a round trip for each new connection; no column of ours needs them
    connection: { application_name: options.name ?? 'aether' },
    onnotice() {},
  })
}

/** Seconds to wait before connecting again: the driver's own doubling and more would outlast a restart of the database. */
function backoff(retries: number): number {
  return (0.5 + Math.random() / 2) * Math.min(3 ** retries / 100, LONGEST_BACKOFF_S)
}

export interface DbOptions extends PoolOptions {
  /** False where connections are too short-lived to meet a statement twice. */
  readonly prepare?: boolean
}

/**
 * Opens a pool of at most `max` connections (see `openPool`). On workers a pool belongs to one request: `max: 1`,
 * closed at its end, drizzle's statements not prepared.
 */
export function createDb(url: string, options: DbOptions): { db: Db; close(): Promise<void> } {
  const pool = openPool(url, options)
  const client = options.prepare === false ? pool : prepareStatements(pool)
  return { db: drizzle({ client, casing: 'snake_case' }), close: () => client.end({ timeout: 2 }) }
}

/** The address that the driver takes, and the path of the Unix socket when the URL names its folder. */
export function splitSocket(url: string): { address: string; path: string | null } {
  const parsed = new URL(url)
  const folder = parsed.searchParams.get('host')
  if (!folder?.startsWith('/')) return { address: url, path: null }
  parsed.searchParams.delete('host')
  return { address: parsed.href, path: `${folder}/.s.PGSQL.${parsed.port || '5432'}` }
}
