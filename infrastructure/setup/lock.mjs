import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

const POLL_MS = 250

/**
 * Holds a lock file for the length of `work`. A lock whose process is gone is taken over; otherwise this waits, and says
 * so once.
 * @template T
 * @param {string} path
 * @param {{ readonly say: (line: string) => void, readonly timeoutMs: number }} options
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(path, { say, timeoutMs }, work) {
  await mkdir(dirname(path), { recursive: true })
  const me = await processMark(process.pid)
  const end = Date.now() + timeoutMs
  let said = false
  while (!(await take(path, me))) {
    if (Date.now() > end) throw new Error(`another setup has held ${path} for ${timeoutMs / 1000} s`)
    if (!said) say('another setup is at work; waiting for it')
    said = true
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
  try {
    return await work()
  } finally {
    await rm(path, { force: true })
  }
}

/**
 * @param {string} path
 * @param {string} me
 */
async function take(path, me) {
  // A link appears whole or not at all, so nobody ever reads a lock without its holder.
  const mine = `${path}.${process.pid}`
  await writeFile(mine, me)
  try {
    await link(mine, path)
    return true
  } catch (fault) {
    if (!(fault instanceof Error && 'code' in fault && fault.code === 'EEXIST')) throw fault
  } finally {
    await rm(mine, { force: true })
  }
  const holder = await readFile(path, 'utf8').catch(() => null)
  if (holder !== null) {
    if (await isAlive(holder)) return false
    // Two that clear a stale lock at once may both work: what they build is put in place by renames, so that is only slow.
    await rm(path, { force: true })
  }
  return await take(path, me)
}

/**
 * A process's id with its start time, so that a reused id is not taken for it.
 * @param {number} pid
 */
async function processMark(pid) {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return `${pid} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''}`
}

/** @param {string} mark */
async function isAlive(mark) {
  const pid = Number(mark.split(' ')[0])
  return Number.isInteger(pid) && pid > 0 && (await processMark(pid)) === mark
}
