import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { reveal } from '../../../shared/config/secret.ts'
import { AetherError } from '../../../shared/errors/aether-error.ts'
import { toStorageReason } from '../bootstrap/storage.ts'
import type { Config } from '../config.ts'
import { startEmbeddedPostgres } from '../postgres/embedded.ts'
import { findPlace } from '../postgres/place.ts'
import { errorCode, StartFault } from '../start-fault.ts'

/**
 * Does work on the database of the configuration as it is, without migrating it: DATABASE_URL, or the embedded one, which
 * is started for the time where it does not run. `alone` wants it with no server on it; `made` is false where there may
 * be none yet. Faults of the database become lines that its reader can mend.
 */
export async function withDatabase<T>(
  config: Pick<Config, 'dataDir' | 'databaseUrl'>,
  options: { readonly alone: boolean; readonly made: boolean },
  work: (url: string) => Promise<T>,
): Promise<T> {
  if (config.databaseUrl) return explained(() => work(reveal(config.databaseUrl ?? '')))
  const { dataDir } = config
  if (options.made && !existsSync(join(findPlace({ dataDir }).cluster, 'PG_VERSION')))
    throw new StartFault(`There is no database in ${dataDir} yet.`)
  const embedded = await startEmbeddedPostgres({ dataDir, exclusive: options.alone })
  try {
    return await explained(() => work(embedded.url))
  } finally {
    await embedded.stop()
  }
}

async function explained<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    // What has no code is no fault of the database, and its trace is wanted.
    if (error instanceof StartFault || !(error instanceof AetherError || errorCode(error))) throw error
    throw new StartFault(toStorageReason(error), { cause: error })
  }
}
