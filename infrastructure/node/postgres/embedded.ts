import { setTimeout as sleep } from 'node:timers/promises'
import { StartFault } from '../start-fault.ts'
import { type Binaries, findBinaries, reachableBinaries } from './binaries.ts'
import { DATABASE, ensureCluster, ROLE, readPassword } from './cluster.ts'
import { keepWhole } from './keeper.ts'
import { isPostgresOf, readPidFile } from './pid-file.ts'
import { findPlace, type Place, type PlaceOptions } from './place.ts'
import {
  RECOVERY_MS,
  type ServerSettings,
  socketFolder,
  startServer,
  stopServer,
  until,
} from './server-process.ts'
import { openSession, type Session } from './session.ts'

export interface EmbeddedOptions extends PlaceOptions, ServerSettings {
  /** True for a server: a second one on the same DATA_DIR is refused. False for helpers, such as `make key`. */
  readonly exclusive: boolean
  /** For a process that lasts: a Postgres that dies is started again, at the same address. Says what it did. */
  readonly onRestart?: (message: string, error?: unknown) => void
}

/** A running embedded database. */
export interface EmbeddedPostgres {
  /** Through its Unix socket where there is one. */
  readonly url: string
  /** Over 127.0.0.1, for programs that know no sockets. */
  readonly tcpUrl: string
  readonly version: string
  readonly place: Place
  /** True when it was running already: started by another of our processes, or left over from one that was killed. */
  readonly attached: boolean
  /** Tells Postgres to end, without waiting for it: for a process that has to go now. */
  kill(): void
  /** Ends Postgres when no other process uses it, else only our use of it. Safe to repeat. */
  stop(): Promise<void>
}

const TRIES = 5
const PAUSE_MS = 50

/**
 * Attaches to the Postgres of a DATA_DIR when it runs, else starts it. Who uses it holds a shared advisory lock, and
 * whoever is last to leave ends it; a server holds one of its own. Both go with their connection, so nothing has to be
 * cleaned up after a `kill -9`. Throws StartFault.
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const found = findBinaries()
  const place = findPlace(options)
  const binaries = reachableBinaries(found, place.user, place.folder)
  const { password } = ensureCluster(place, binaries)
  const attached = isRunning(place)
  const first = await join(place, binaries, password, options)
  const port = readPidFile(place.cluster)?.port ?? 0
  const keeper = keepWhole(first, {
    again: () => join(place, binaries, password, { ...options, port }),
    onRestart: options.onRestart ?? null,
  })
  let stopped: Promise<void> | null = null
  const stop = async () => {
    const session = await keeper.stop()
    try {
      const pid = readPidFile(place.cluster)?.pid
      if (pid !== undefined && (await session.isLast())) await stopServer(place, pid)
    } finally {
      await session.close()
    }
  }
  return {
    ...urls(place, password, port),
    version: found.version.replace(/-.*/, ''),
    place,
    attached,
    kill: () => {
      const pid = readPidFile(place.cluster)?.pid
      if (pid !== undefined && isPostgresOf(place.cluster, pid)) process.kill(pid, 'SIGINT')
    },
    stop: () => {
      stopped ??= stop()
      return stopped
    },
  }
}

/** Ends the Postgres of a DATA_DIR when it runs and no process uses it. */
export async function endLeftover(options: PlaceOptions): Promise<'none' | 'used' | 'ended'> {
  const place = findPlace(options)
  const file = readPidFile(place.cluster)
  if (!file || !isRunning(place)) return 'none'
  const session = await enter(place, readPassword(place))
  if (!session) throw new StartFault(`The Postgres of ${place.cluster} does not let us in (pid ${file.pid}).`)
  try {
    if (!(await session.isLast())) return 'used'
    await stopServer(place, file.pid)
    return 'ended'
  } finally {
    await session.close()
  }
}

/** Starts it unless it runs, and becomes one of its users. */
async function join(
  place: Place,
  binaries: Binaries,
  password: string,
  options: EmbeddedOptions,
): Promise<Session> {
  for (let tries = 1; ; tries++) {
    if (!isRunning(place)) await startServer(place, binaries, options)
    const session = await enter(place, password)
    if (session && (!options.exclusive || (await session.beServer()))) return session
    await session?.close()
    if (session)
      throw new StartFault(
        `Another Aether is running on the data folder ${options.dataDir}. Stop it, or start this one with another DATA_DIR and PORT.`,
      )
    if (tries >= TRIES)
      throw new StartFault(
        `The Postgres of ${place.cluster} runs, but does not let us in. Its log: ${place.folder}/postgres.log`,
      )
    await sleep(PAUSE_MS * tries) // it was just going down: look again
  }
}

function isRunning(place: Place): boolean {
  const file = readPidFile(place.cluster)
  return file !== null && isPostgresOf(place.cluster, file.pid)
}

async function enter(place: Place, password: string): Promise<Session | null> {
  // One that was killed reads its log first, and lets nobody in meanwhile.
  await until(() => !isRunning(place) || readPidFile(place.cluster)?.ready === true, RECOVERY_MS)
  const file = readPidFile(place.cluster)
  if (!file) return null
  return openSession({ url: urls(place, password, file.port).url, cluster: place.cluster })
}

function urls(place: Place, password: string, port: number): { url: string; tcpUrl: string } {
  const tcpUrl = `postgres://${ROLE}:${password}@127.0.0.1:${port}/${DATABASE}`
  const folder = socketFolder(place)
  return { tcpUrl, url: folder === null ? tcpUrl : `${tcpUrl}?host=${encodeURIComponent(folder)}` }
}
