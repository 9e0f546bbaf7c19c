import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedPostgres } from '../../infrastructure/node/postgres/embedded.ts'
import { createDb, type Db } from '../../shared/storage/db.ts'
import { migrateDb } from '../../shared/storage/migrate.ts'
import { readMigrations } from '../../shared/storage/read-migrations.node.ts'

/** A migrated database on a Postgres of its own. */
export interface DurableDatabase {
  readonly db: Db
  readonly url: string
  /** The same over TCP. */
  readonly tcpUrl: string
  close(): Promise<void>
}

/** Starts a Postgres that waits for its disk with every commit, as an installation's does and that of the tests does not. */
export async function openDurableDatabase(): Promise<DurableDatabase> {
  const folder = mkdtempSync(join(tmpdir(), 'aether-bench-'))
  chmodSync(folder, 0o755) // as root, Postgres runs as another user
  const server = await startEmbeddedPostgres({ dataDir: folder, exclusive: false })
  await migrateDb(server.url, readMigrations())
  const { db, close } = createDb(server.url, { max: 10 })
  return {
    db,
    url: server.url,
    tcpUrl: server.tcpUrl,
    async close() {
      await close()
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
