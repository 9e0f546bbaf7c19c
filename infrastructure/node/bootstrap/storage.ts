import { reveal } from '../../../shared/config/secret.ts'
import { AetherError } from '../../../shared/errors/aether-error.ts'
import { createDb, type Db } from '../../../shared/storage/db.ts'
import { migrateDb } from '../../../shared/storage/migrate.ts'
import { createNotifications, type Notifications } from '../../../shared/storage/notifications.ts'
import { type Pool, poolState } from '../../../shared/storage/pool-state.ts'
import { readMigrations } from '../../../shared/storage/read-migrations.node.ts'
import type { Config } from '../config.ts'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../postgres/embedded.ts'
import { errorCode, StartFault } from '../start-fault.ts'

/** The process's database, migrated. */
export interface Storage {
  readonly db: Db
  /** What the processes on this database tell each other. */
  readonly words: Notifications
  /** As another process on this machine reaches it; it holds the password. */
  readonly url: string
  /** What the banner says about it. */
  readonly description: string
  /** How its connections are doing. */
  pool(): Promise<Pool>
  /** Texts that no log line may hold. */
  readonly secrets: readonly string[]
  close(): Promise<void>
  /** Ends an embedded Postgres without waiting, for a process that has to go now. */
  kill(): void
}

export interface StorageOptions {
  /** True for a whole Aether, of which there is one for each DATA_DIR. */
  readonly exclusive: boolean
  /** For a process that lasts: keeps an embedded Postgres alive, and says so when it had to. */
  readonly onRestart?: (message: string, error?: unknown) => void
  /** What the server calls its connections. */
  readonly name?: string
}

const CONNECTIONS = 10
/** What the server calls the connections of a process that does not say which service it is. */
const NAME = 'aether'
/** Of NOTIFY, for all services on one database. */
const CHANNEL = 'aether_a2a'

/** Opens DATABASE_URL, or the embedded Postgres of DATA_DIR, and migrates it. Throws StartFault. */
export async function openStorage(
  config: Pick<Config, 'dataDir' | 'databaseUrl'>,
  options: StorageOptions,
): Promise<Storage> {
  if (config.databaseUrl) {
    const url = reveal(config.databaseUrl)
    const { host } = new URL(url)
    return connect(url, `Postgres at ${host} (DATABASE_URL)`, null, options.name)
  }
  const embedded = await startEmbeddedPostgres({ dataDir: config.dataDir, ...options })
  try {
    return await connect(embedded.url, describe(embedded, config.dataDir), embedded, options.name)
  } catch (error) {
    await embedded.stop()
    throw error
  }
}

async function connect(
  url: string,
  description: string,
  embedded: EmbeddedPostgres | null,
  name = NAME,
): Promise<Storage> {
  try {
    await migrateDb(url, readMigrations())
  } catch (error) {
    throw new StartFault(toStorageReason(error), { cause: error })
  }
  const { db, close } = createDb(url, { max: CONNECTIONS, name })
  const words = createNotifications(url, CHANNEL)
  return {
    db,
    words,
    url,
    description,
    pool: () => poolState(db, { name, max: CONNECTIONS, now: () => Date.now() }),
    secrets: [decodeURIComponent(new URL(url).password)],
    async close() {
      await words.close()
      await close()
      await embedded?.stop()
    },
    kill: () => embedded?.kill(),
  }
}

/** Why the database cannot be used, for its owner. The driver's messages can hold the user's name or more; its code says enough. */
export function toStorageReason(error: unknown): string {
  if (error instanceof AetherError) return error.message
  const code = errorCode(error)
  if (code === '28P01' || code === '28000') return 'DATABASE_URL: the server refuses this user or password.'
  if (code === '3D000') return 'DATABASE_URL: the server has no such database.'
  if (code === '58P01' || code === '0A000')
    return 'DATABASE_URL: the server has no pg_trgm; install its contrib package (postgresql-contrib).'
  if (code === '42501') return 'DATABASE_URL: this user may not make tables there.'
  return `DATABASE_URL: the database does not answer (${code ?? 'no reason given'}). Check the address, and that it runs.`
}

function describe(embedded: EmbeddedPostgres, dataDir: string): string {
  const { place, version, attached } = embedded
  const where = place.moved ? `${place.folder} (its user cannot reach ${dataDir})` : place.folder
  return `embedded Postgres ${version} in ${where}${attached ? ', which was still running' : ''}`
}
