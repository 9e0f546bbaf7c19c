import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { errorCode, StartFault } from '../start-fault.ts'

const PAUSE_MS = 10
const WAIT_MS = 5_000

/** Does something while holding a lock file; one whose process has gone does not count. For a few milliseconds' work. */
export async function withFileLock<T>(path: string, work: () => T): Promise<T> {
  for (let left = WAIT_MS / PAUSE_MS; ; left--) {
    try {
      writeFileSync(path, String(process.pid), { flag: 'wx', mode: 0o600 })
      break
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error
      if (left <= 0)
        throw new StartFault(`Another start holds ${path}. Remove that file when no Aether is starting.`)
      if (isStale(path)) rmSync(path, { force: true })
      else await sleep(PAUSE_MS)
    }
  }
  try {
    return work()
  } finally {
    rmSync(path, { force: true })
  }
}

function isStale(path: string): boolean {
  try {
    const pid = Number(readFileSync(path, 'utf8'))
    if (!Number.isInteger(pid) || pid <= 0) return false // just being written
    process.kill(pid, 0)
    return false
  } catch (error) {
    return errorCode(error) === 'ESRCH'
  }
}
