import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { StartFault } from '../start-fault.ts'
import type { Binaries } from './binaries.ts'
import { lastLine, postgresEnv } from './cluster.ts'
import { isAlive, isPostgresOf, readPidFile } from './pid-file.ts'
import type { Place } from './place.ts'

const POLL_MS = 5
export const RECOVERY_MS = 120_000
const STOP_MS = 10_000
const EMPTY_TRIES = 10
const EMPTY_PAUSE_MS = 200
const LONGEST_SOCKET_PATH = 107

export interface ServerSettings {
  /** Further `name=value` settings of Postgres. */
  readonly settings?: readonly string[]
  /** The port to take; any free one by default. */
  readonly port?: number
}

/** The folder of the Unix socket: the cluster itself, unless the path would be too long for one. */
export function socketFolder(place: Place): string | null {
  return Buffer.byteLength(join(place.cluster, '.s.PGSQL.65535')) <= LONGEST_SOCKET_PATH
    ? place.cluster
    : null
}

/**
 * Starts Postgres in a session of its own, so that Ctrl-C reaches us alone and it outlives the runs that are drained.
 * Gives false when another process has just started it. Throws StartFault with what Postgres says.
 */
export async function startServer(
  place: Place,
  binaries: Binaries,
  options: ServerSettings,
): Promise<boolean> {
  forgetStranger(place)
  const logPath = join(place.folder, 'postgres.log')
  for (let tries = 1; ; tries++) {
    const settings = [
      'listen_addresses=127.0.0.1',
      `unix_socket_directories=${socketFolder(place) ?? ''}`,
      'shared_buffers=64MB',
      'max_connections=100',
      ...(options.settings ?? []),
    ]
    const port = options.port ?? (await freePort())
    // Emptied, then appended to: another start may be writing to it at the same time.
    writeFileSync(logPath, '', { mode: 0o600 })
    const log = openSync(logPath, 'a', 0o600)
    const child = spawn(
      join(binaries.folder, 'bin/postgres'),
      ['-D', place.cluster, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
      {
        ...place.user,
        cwd: place.cluster,
        env: postgresEnv(binaries),
        stdio: ['ignore', log, log],
        detached: true,
      },
    )
    closeSync(log)
    let spawnFault: string | null = null
    child.once('error', (error) => {
      spawnFault = error.message
    })
    child.unref()
    const ended = () => spawnFault !== null || child.exitCode !== null || child.signalCode !== null
    const waited = await until(() => ended() || isReady(place, child.pid), RECOVERY_MS)
    if (waited && !ended()) return true
    const said = spawnFault ?? readFileSync(logPath, 'utf8')
    if (said.includes('lock file "postmaster.pid" already exists')) return false
    // Nothing is left of what it said where another start has emptied the log meanwhile.
    if (said.trim() === '' && tries < EMPTY_TRIES) {
      await sleep(EMPTY_PAUSE_MS)
      continue
    }
    if (said.includes('lock file "postmaster.pid" is empty') && tries < EMPTY_TRIES) {
      // Another start has just made it; one that died between two writes leaves it so for good.
      if (tries === EMPTY_TRIES - 1) rmSync(join(place.cluster, 'postmaster.pid'), { force: true })
      await sleep(EMPTY_PAUSE_MS)
      continue
    }
    if (said.includes('could not bind') && options.port === undefined && tries < 5) continue
    throw new StartFault(`Postgres does not start: ${lastFatal(said)} (its log: ${logPath})`)
  }
}

/** Ends Postgres at once but in good order, and waits until it has gone. */
export async function stopServer(place: Place, pid: number): Promise<void> {
  if (!isPostgresOf(place.cluster, pid)) return
  // It takes its pid file away a moment before it ends.
  const gone = () => !isPostgresOf(place.cluster, pid)
  process.kill(pid, 'SIGINT')
  if (await until(gone, STOP_MS)) return
  process.kill(pid, 'SIGQUIT')
  await until(gone, STOP_MS)
}

/** Waits until the condition holds; false when it still does not after `ms`. */
export async function until(holds: () => boolean, ms: number): Promise<boolean> {
  for (let left = Math.ceil(ms / POLL_MS); !holds(); left--) {
    if (left <= 0) return false
    await sleep(POLL_MS)
  }
  return true
}

function isReady(place: Place, pid: number | undefined): boolean {
  const file = readPidFile(place.cluster)
  return file !== null && file.pid === pid && file.ready
}

/** Postgres takes any living process with the old pid for itself; after a restart of a container that is likely. */
function forgetStranger(place: Place): void {
  const file = readPidFile(place.cluster)
  if (file && isAlive(file.pid) && !isPostgresOf(place.cluster, file.pid))
    rmSync(join(place.cluster, 'postmaster.pid'), { force: true })
}

function lastFatal(log: string): string {
  const lines = log.split('\n')
  const fatal = lines.findLast((line) => /FATAL|PANIC|error while loading/.test(line)) ?? lastLine(log)
  return fatal?.replace(/^.*?(FATAL|PANIC):\s*/, '').trim() ?? 'it says nothing'
}

/** A port of the loopback interface that nobody listens on just now. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
