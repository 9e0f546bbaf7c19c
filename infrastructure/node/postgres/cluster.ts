import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chownSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { errorCode, StartFault } from '../start-fault.ts'
import type { Binaries } from './binaries.ts'
import { isAlive } from './pid-file.ts'
import type { Place } from './place.ts'

/** The one role of an embedded database, and the database that it uses. */
export const ROLE = 'aether'
export const DATABASE = 'postgres'

/** The environment of the programs of Postgres: nothing of ours, no secret. */
export function postgresEnv(binaries: Binaries): NodeJS.ProcessEnv {
  return { LC_ALL: 'C', TZ: 'UTC', LD_LIBRARY_PATH: join(binaries.folder, 'lib') }
}

/**
 * Makes sure that the cluster is there and fits the binaries, and gives its password. A new one is made aside and then
 * renamed, so that a killed start leaves nothing half done and of two starts at once one wins.
 */
export function ensureCluster(place: Place, binaries: Binaries): { password: string } {
  const fresh = !existsSync(join(place.cluster, 'PG_VERSION'))
  const password = fresh ? makePassword(place) : readPassword(place)
  if (fresh) initCluster(place, binaries, password)
  const major = Number.parseInt(readFileSync(join(place.cluster, 'PG_VERSION'), 'utf8'), 10)
  if (major !== binaries.major)
    throw new StartFault(
      `${place.cluster} holds data of Postgres ${major}, and this Aether brings ${binaries.major}. Back it up with the Aether that made it (make backup), move the folder away, and put the backup back with this one (make restore FILE=…); or only move the folder away to begin anew.`,
    )
  return { password }
}

const passwordPath = (place: Place) => join(place.folder, 'postgres.password')

/** The password of a cluster that is there. */
export function readPassword(place: Place): string {
  try {
    return readFileSync(passwordPath(place), 'utf8').trim()
  } catch (cause) {
    throw new StartFault(
      `The database in ${place.cluster} is there, but its password file ${passwordPath(place)} cannot be read (${errorCode(cause)}). Restore that file, or move the folder away to begin anew.`,
      { cause },
    )
  }
}

/** Random, written once with mode 600; whoever comes second takes what is there. */
function makePassword(place: Place): string {
  const path = passwordPath(place)
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 })
  try {
    linkSync(draft, path)
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error
  } finally {
    rmSync(draft, { force: true })
  }
  return readPassword(place)
}

function initCluster(place: Place, binaries: Binaries, password: string): void {
  removeLeftovers(place)
  const draft = `${place.cluster}.new-${process.pid}`
  const passwordFile = `${draft}.password`
  mkdirSync(draft, { mode: 0o700 })
  writeFileSync(passwordFile, password, { mode: 0o600 })
  if (place.user) for (const path of [draft, passwordFile]) chownSync(path, place.user.uid, place.user.gid)
  try {
    const args = ['-D', draft, '-U', ROLE, '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '-E', 'UTF8']
    const done = spawnSync(join(binaries.folder, 'bin/initdb'), [...args, '--no-locale', '--no-sync'], {
      ...place.user,
      cwd: draft,
      env: postgresEnv(binaries),
      encoding: 'utf8',
    })
    if (done.status !== 0)
      throw new StartFault(
        `The database cannot be made in ${place.folder}: ${lastLine(done.stderr) ?? errorCode(done.error)}`,
        { cause: done.error },
      )
    renameSync(draft, place.cluster)
  } catch (error) {
    // A folder that is not empty: another start was quicker, and its cluster has the same password.
    if (errorCode(error) !== 'ENOTEMPTY' && errorCode(error) !== 'EEXIST') throw error
  } finally {
    rmSync(draft, { recursive: true, force: true })
    rmSync(passwordFile, { force: true })
  }
}

/** Drafts of starts that were killed. */
function removeLeftovers(place: Place): void {
  const prefix = `${basename(place.cluster)}.new-`
  for (const name of readdirSync(place.folder)) {
    if (!name.startsWith(prefix) || isAlive(Number.parseInt(name.slice(prefix.length), 10))) continue
    rmSync(join(place.folder, name), { recursive: true, force: true })
  }
}

/** The last line of a program's output that says something. */
export function lastLine(text: string | null): string | null {
  return (
    text
      ?.split('\n')
      .findLast((line) => line.trim() !== '')
      ?.trim() ?? null
  )
}
