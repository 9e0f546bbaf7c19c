import { lstat, mkdtemp, readdir, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { removeCgroups } from './cgroups.ts'

const PREFIX = 'aether-sb-'
/** A folder without its mark may be one that another process is just making. */
const MAKING_MS = 60_000
/** A runner claims its folder anew every minute. */
const UNCLAIMED_MS = 600_000

/**
 * Ends all processes whose command line names `mark`, a path or an id that only our own sandboxes have. Returns how many
 * there were.
 */
export async function killByMark(mark: string): Promise<number> {
  let killed = 0
  for (const entry of await readdir('/proc')) {
    const pid = Number(entry)
    if (!Number.isInteger(pid) || pid === process.pid) continue
    // A process may end, or be somebody else's, between the listing and the reading.
    const args = await readFile(`/proc/${entry}/cmdline`, 'utf8').catch(() => '')
    if (!args.includes(mark) || !args.includes('runsc')) continue
    try {
      process.kill(pid, 'SIGKILL')
      killed++
    } catch {
      // It has ended meanwhile, which is what was wanted.
    }
  }
  return killed
}

/**
 * A private folder for this process's sandboxes. Its name is short, for runsc puts a socket into it whose path may not be
 * longer than 108 bytes. What dead processes of the same user left behind is ended and removed first.
 */
export async function createStateFolder(base = tmpdir()): Promise<string> {
  await sweep(base)
  const folder = await mkdtemp(join(base, PREFIX))
  await claim(folder)
  return folder
}

/** Says whose a folder is, and since when: for other runners, and for programs that clean up what is old. */
export async function claim(folder: string): Promise<void> {
  await writeFile(join(folder, 'namespace'), await pidNamespace())
  await writeFile(join(folder, 'owner'), await ownerMark(process.pid))
}

/** Notes where the folder's cgroups are, for who has to remove them after a crash. */
export async function noteCgroups(folder: string, cgroups: string): Promise<void> {
  await writeFile(join(folder, 'cgroups'), cgroups)
}

async function sweep(base: string): Promise<void> {
  for (const name of await readdir(base)) {
    const folder = join(base, name)
    if (!name.startsWith(PREFIX) || (await isHeld(folder))) continue
    await killByMark(folder)
    const cgroups = await readFile(join(folder, 'cgroups'), 'utf8').catch(() => null)
    if (cgroups !== null) await removeCgroups(cgroups)
    // What cannot be removed is no reason to run nothing.
    await rm(folder, { recursive: true, force: true }).catch(() => undefined)
  }
}

/** Whether somebody has the folder still, or it is not ours to judge: anybody can put a link of that name into /tmp. */
async function isHeld(folder: string): Promise<boolean> {
  const info = await lstat(folder).catch(() => null)
  if (info === null || !info.isDirectory() || info.uid !== process.getuid?.()) return true
  const file = join(folder, 'owner')
  const owner = await readFile(file, 'utf8').catch(() => null)
  if (owner === null) return Date.now() - info.mtimeMs < MAKING_MS
  // Older versions note no namespace, and read the owner's mark as it is: it stays as it was.
  const here = await pidNamespace()
  const namespace = await readFile(join(folder, 'namespace'), 'utf8').catch(() => here)
  if (namespace === here) return owner === (await ownerMark(Number(owner.split(' ')[0])).catch(() => ''))
  const claimed = await stat(file).catch(() => null)
  return claimed !== null && Date.now() - claimed.mtimeMs < UNCLAIMED_MS
}

/** A process's id with its start time, so that a reused id is not taken for it. */
async function ownerMark(pid: number): Promise<string> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8')
  return `${pid} ${text.slice(text.lastIndexOf(')') + 2).split(' ')[19]}`
}

/** Processes of another container have other ids, or are not to be seen. */
async function pidNamespace(): Promise<string> {
  return await readlink('/proc/self/ns/pid')
}
