import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a running Postgres says about itself in `postmaster.pid`. */
export interface PidFile {
  readonly pid: number
  readonly port: number
  readonly ready: boolean
}

/** Reads a cluster's `postmaster.pid`; null when there is none, or it has just been begun. */
export function readPidFile(cluster: string): PidFile | null {
  let lines: string[]
  try {
    lines = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')
  } catch {
    return null // none there: nothing runs
  }
  const pid = Number(lines[0])
  if (!Number.isInteger(pid) || pid <= 0) return null
  return { pid, port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' }
}

/** True when the process exists and is the Postgres of this cluster: a pid may have passed on to another program. */
export function isPostgresOf(cluster: string, pid: number): boolean {
  const command = commandOf(pid)
  return command !== null && /(^|\/)postgres$/.test(command[0] ?? '') && command.includes(cluster)
}

/** True when the process exists, whatever it is. */
export function isAlive(pid: number): boolean {
  return commandOf(pid) !== null
}

function commandOf(pid: number): string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
    return text === '' ? null : text.split('\0') // a zombie has none
  } catch {
    return null // no such process
  }
}
