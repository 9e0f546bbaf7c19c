import { access, constants, mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const ROOT = '/sys/fs/cgroup'
const REMOVE_TRIES = 20
const REMOVE_MS = 25

/** What the two versions call the same things. */
const NAMES = {
  v1: { limit: 'memory.limit_in_bytes', events: 'memory.oom_control' },
  v2: { limit: 'memory.max', events: 'memory.events' },
} as const

/** Memory cgroups below our own, one for each sandbox: the kernel's own ceiling, with our process outside of it. */
export interface Cgroups {
  /** Folder of all of them. */
  readonly folder: string
  /** Makes one; null where that fails: the other limits hold without it. */
  make(id: string, limitBytes: number): Promise<Cgroup | null>
  /** Removes the folder; all sandboxes have ended before. */
  remove(): Promise<void>
}

export interface Cgroup {
  /** A process that writes its id to this file is in it, with all that it starts. */
  readonly procs: string
  /** The kernel has killed in it because memory ran out. */
  ranOut(): Promise<boolean>
  /** Kills what is left in it and removes it. */
  remove(): Promise<void>
}

/** Memory cgroups for a state folder, or null where this process may not make any (as in most containers, or without root). */
export async function openCgroups(name: string): Promise<Cgroups | null> {
  const found = await findOwn()
  // A sandbox is started through a shell, which enters the group before it.
  if (found === null || !(await may('/bin/sh', constants.X_OK))) return null
  const folder = join(found.path, name)
  try {
    await mkdir(folder)
    // Without this a group below has no limit to set; a group that itself holds processes may not have it.
    if (found.version === 'v2') await enableMemory([found.path, folder])
    await access(join(folder, NAMES[found.version].limit), constants.W_OK)
  } catch {
    // A file system that may not be written, or a group that may not have any below: then there are none.
    await rmdir(folder).catch(() => undefined)
    return null
  }
  return {
    folder,
    make: (id, limitBytes) => makeCgroup(join(folder, id), limitBytes, NAMES[found.version]),
    remove: () => removeCgroups(folder),
  }
}

/** Removes a folder of cgroups that a runner left, its processes being dead. */
export async function removeCgroups(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  for (const entry of entries) if (entry.isDirectory()) await removeOne(join(folder, entry.name))
  await removeOne(folder)
}

async function makeCgroup(
  path: string,
  limitBytes: number,
  names: (typeof NAMES)['v1' | 'v2'],
): Promise<Cgroup | null> {
  try {
    await mkdir(path)
    await writeFile(join(path, names.limit), String(limitBytes))
  } catch {
    // Somebody has removed the folder of all: the sandbox runs without, under its other limits.
    await removeOne(path)
    return null
  }
  return {
    procs: join(path, 'cgroup.procs'),
    async ranOut() {
      const text = await readFile(join(path, names.events), 'utf8').catch(() => '')
      return Number(/^oom_kill (\d+)$/m.exec(text)?.[1] ?? 0) > 0
    },
    async remove() {
      await killAll(path)
      await removeOne(path)
    },
  }
}

/** This process's own memory cgroup as a folder, of whichever version the machine has. */
async function findOwn(): Promise<{ path: string; version: 'v1' | 'v2' } | null> {
  const lines = (await readFile('/proc/self/cgroup', 'utf8').catch(() => '')).split('\n')
  const pathOf = (start: RegExp) => lines.map((line) => start.exec(line)?.[1]).find((path) => path)
  const first = pathOf(/^\d+:(?:[^:]*,)?memory(?:,[^:]*)?:(.+)$/)
  if (first !== undefined) return await usable(join(ROOT, 'memory', first), 'v1')
  const second = pathOf(/^0::(.+)$/)
  return second === undefined ? null : await usable(join(ROOT, second), 'v2')
}

async function usable(path: string, version: 'v1' | 'v2') {
  return (await may(path, constants.W_OK)) ? { path, version } : null
}

async function may(path: string, mode: number): Promise<boolean> {
  return await access(path, mode).then(
    () => true,
    () => false,
  )
}

async function enableMemory(folders: readonly string[]): Promise<void> {
  for (const folder of folders) await writeFile(join(folder, 'cgroup.subtree_control'), '+memory')
}

async function killAll(path: string): Promise<void> {
  const text = await readFile(join(path, 'cgroup.procs'), 'utf8').catch(() => '')
  for (const line of text.split('\n')) {
    const pid = Number(line)
    if (!(pid > 0)) continue
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It has ended meanwhile.
    }
  }
}

/** A group can be removed once the kernel has reaped its last process, a moment after that process is killed. */
async function removeOne(path: string): Promise<void> {
  for (let tries = 0; tries < REMOVE_TRIES; tries++) {
    const fault = await rmdir(path).then(
      () => null,
      (error: unknown) => error,
    )
    const busy = fault instanceof Error && 'code' in fault && fault.code === 'EBUSY'
    if (!busy) return
    await new Promise((resolve) => setTimeout(resolve, REMOVE_MS))
  }
}
