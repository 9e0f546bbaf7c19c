import { access, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const PREFIX = 'aether-sb-'

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
  await writeFile(join(folder, 'owner'), await ownerMark(process.pid))
  return folder
}

async function sweep(base: string): Promise<void> {
  const uid = process.getuid?.()
  for (const name of await readdir(base)) {
    if (!name.startsWith(PREFIX)) continue
    const folder = join(base, name)
    const info = await stat(folder).catch(() => null)
    if (info === null || info.uid !== uid) continue
    const owner = await readFile(join(folder, 'owner'), 'utf8').catch(() => null)
    // Without its mark the folder may be one that another process is just making.
    if (owner === null ? Date.now() - info.mtimeMs < 60_000 : await isAlive(owner)) continue
    await killByMark(folder)
    await rm(folder, { recursive: true, force: true })
  }
}

/** A process's id with its start time, so that a reused id is not taken for it. */
async function ownerMark(pid: number): Promise<string> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8')
  return `${pid} ${text.slice(text.lastIndexOf(')') + 2).split(' ')[19]}`
}

async function isAlive(owner: string): Promise<boolean> {
  return (await ownerMark(Number(owner.split(' ')[0])).catch(() => '')) === owner
}

/** Whether a path exists. */
export async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  )
}
