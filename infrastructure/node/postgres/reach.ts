import { type Stats, statSync } from 'node:fs'
import { dirname } from 'node:path'

/** The user that Postgres runs as when we are root, which it refuses: nobody. */
export interface SystemUser {
  readonly uid: number
  readonly gid: number
}

export const NOBODY: SystemUser = { uid: 65_534, gid: 65_534 }

function allows(stats: Stats, user: SystemUser, right: 4 | 1): boolean {
  const shift = stats.uid === user.uid ? 6 : stats.gid === user.gid ? 3 : 0
  return ((stats.mode >> shift) & right) !== 0
}

/** Whether a user may pass through all folders above the path and into it, by their modes. */
export function canWalkTo(path: string, user: SystemUser): boolean {
  for (let folder = path; ; folder = dirname(folder)) {
    if (!allows(statSync(folder), user, 1)) return false
    if (folder === dirname(folder)) return true
  }
}

/** Whether a user may read this file or folder once it is there. */
export function canRead(path: string, user: SystemUser): boolean {
  return allows(statSync(path), user, 4)
}
