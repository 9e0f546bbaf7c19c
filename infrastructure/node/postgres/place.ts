import { createHash } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, realpathSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { errorCode, StartFault } from '../start-fault.ts'
import { canWalkTo, NOBODY, type SystemUser } from './reach.ts'

/** Where one embedded database lies and as whom it runs. */
export interface Place {
  /** Holds the cluster, its password and its log. */
  readonly folder: string
  /** The cluster itself, or where it will be. */
  readonly cluster: string
  /** Null: as ourselves. */
  readonly user: SystemUser | null
  /** True when it could not lie in DATA_DIR. */
  readonly moved: boolean
}

export interface PlaceOptions {
  readonly dataDir: string
  /** For data that its user could not reach in DATA_DIR. */
  readonly stateRoot?: string
  /** Effective user id of this process. */
  readonly uid?: number
}

/**
 * Decides where the database of a DATA_DIR lies. As root, Postgres runs as nobody, or as whoever owns the data that is
 * there; where that user cannot walk to DATA_DIR (a clone under /root) the data goes to the system's state folder,
 * under a hash of DATA_DIR's path. What exists already decides first.
 */
export function findPlace(options: PlaceOptions): Place {
  const { stateRoot = '/var/lib/aether', uid = process.getuid?.() ?? 1 } = options
  const dataDir = makeFolder(options.dataDir)
  const cluster = join(dataDir, 'postgres')
  if (uid !== 0) return { folder: dataDir, cluster: ownCluster(cluster, uid), user: null, moved: false }

  const owner = ownerOf(cluster)
  if (owner) {
    if (canWalkTo(dataDir, owner)) return { folder: dataDir, cluster, user: owner, moved: false }
    throw new StartFault(
      `The user that owns ${cluster} (uid ${owner.uid}) may not walk to it. Let it pass (chmod o+x) through the folders above, or use another DATA_DIR.`,
    )
  }
  const state = join(stateRoot, createHash('sha256').update(dataDir).digest('hex').slice(0, 12))
  const there = ownerOf(join(state, 'postgres'))
  if (there) return { folder: state, cluster: join(state, 'postgres'), user: there, moved: true }
  if (canWalkTo(dataDir, NOBODY)) return { folder: dataDir, cluster, user: NOBODY, moved: false }
  makeFolder(state)
  return { folder: state, cluster: join(state, 'postgres'), user: NOBODY, moved: true }
}

/** Makes a folder that others may walk through but not list; one that is there stays as it is. */
function makeFolder(path: string): string {
  try {
    const first = mkdirSync(path, { recursive: true })
    // Whatever the umask: the user of the database has to get through what was made here.
    for (let made = path; first !== undefined; made = dirname(made)) {
      chmodSync(made, 0o711)
      if (made === first) break
    }
    return realpathSync(path)
  } catch (cause) {
    throw new StartFault(
      `The data folder ${path} cannot be made (${errorCode(cause)}). Choose another with DATA_DIR, or set DATABASE_URL.`,
      { cause },
    )
  }
}

function ownerOf(cluster: string): SystemUser | null {
  const stats = statSync(cluster, { throwIfNoEntry: false })
  if (!stats) return null
  if (stats.uid !== 0) return { uid: stats.uid, gid: stats.gid }
  throw new StartFault(
    `${cluster} belongs to root, as whom Postgres does not run. Give it back to its user: chown -R ${NOBODY.uid}:${NOBODY.gid} ${cluster}`,
  )
}

function ownCluster(cluster: string, uid: number): string {
  const stats = existsSync(cluster) ? statSync(cluster) : null
  if (stats && stats.uid !== uid)
    throw new StartFault(
      `The database in ${cluster} belongs to another user (uid ${stats.uid}): it was first started as root or somebody else. Start as that user, or use another DATA_DIR.`,
    )
  return cluster
}
