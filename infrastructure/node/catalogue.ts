import type { Log } from '../../shared/config/log.ts'
import type { Catalogue } from '../../shared/domain/catalogue.ts'
import type { Now } from '../../shared/domain/ids.ts'
import type { HomeSource } from '../../shared/home/port.ts'
import { oneAtATime } from '../../shared/http/one-at-a-time.ts'
import { searchCatalogue } from '../../shared/storage/catalogue/search-catalogue.ts'
import { syncCatalogue } from '../../shared/storage/catalogue/sync-catalogue.ts'
import type { Db } from '../../shared/storage/db.ts'

/** Events of a registry come in swarms; the catalogue waits for the end of one. */
const SETTLE_MS = 500
/** Not everything that changes is told by an event, so what is older is looked at again. */
const KEPT_MS = 60_000
const SYNC_MS = 30_000

/**
 * The catalogue in Postgres, brought up to the home at start, after each event of its registries, and before a search
 * that would else read something old.
 */
export function createSyncedCatalogue(deps: {
  readonly db: Db
  readonly home: HomeSource
  readonly onHomeChange: (listener: () => void) => void
  readonly now: Now
  readonly log: Log
}): Catalogue {
  const { db, home, now } = deps
  let syncedAt = Number.NEGATIVE_INFINITY
  let homeId = ''

  async function sync(): Promise<string> {
    const signal = AbortSignal.timeout(SYNC_MS)
    const started = now()
    const [info, registries] = await Promise.all([home.info({ signal }), home.registries({ signal })])
    await syncCatalogue(db, { homeId: info.id, registries, now: started })
    syncedAt = started
    homeId = info.id
    return info.id
  }

  const syncOnce = oneAtATime(sync)

  function current(): Promise<string> {
    if (now() - syncedAt < KEPT_MS) return Promise.resolve(homeId)
    return syncOnce()
  }

  const inBackground = () =>
    void current().catch((error: unknown) => deps.log.info('the catalogue is not synced yet', { error }))
  let timer: ReturnType<typeof setTimeout> | null = null
  deps.onHomeChange(() => {
    syncedAt = Number.NEGATIVE_INFINITY
    if (timer) clearTimeout(timer)
    timer = setTimeout(inBackground, SETTLE_MS)
    timer.unref()
  })
  inBackground()

  return {
    async search(query, signal) {
      signal.throwIfAborted()
      return searchCatalogue(db, { ...query, homeId: await current() })
    },
  }
}
