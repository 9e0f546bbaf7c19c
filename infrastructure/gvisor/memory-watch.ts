import { readdir, readFile, readlink, stat } from 'node:fs/promises'
import { join } from 'node:path'

const INTERVAL_MS = 50
const BLOCK_BYTES = 512

/**
 * Watches how much memory a sandbox holds in all its processes together and calls `onExceeded` once above `limitBytes`. The
 * address-space limit holds for each process alone; this one holds for the sandbox, without a cgroup.
 * gVisor keeps the memory of everything inside in one memfd of its kernel process, whose blocks tell the size.
 */
export function watchMemory(options: {
  readonly stateRoot: string
  readonly id: string
  readonly limitBytes: number
  readonly onExceeded: () => void
}): { stop(): void } {
  const { stateRoot, id, limitBytes, onExceeded } = options
  let file: string | null = null
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  const look = async () => {
    file ??= await findMemoryFile(stateRoot, id)
    const info = file === null ? null : await stat(file).catch(() => null)
    if (stopped) return
    if (info !== null && info.blocks * BLOCK_BYTES > limitBytes) onExceeded()
    else timer = setTimeout(look, INTERVAL_MS)
  }
  timer = setTimeout(look, INTERVAL_MS)
  return {
    stop() {
      stopped = true
      clearTimeout(timer)
    },
  }
}

/** Path under /proc of the sandbox's memory, or null while it is starting or when it has ended. */
async function findMemoryFile(stateRoot: string, id: string): Promise<string | null> {
  try {
    const state: unknown = JSON.parse(await readFile(join(stateRoot, `${id}_sandbox:${id}.state`), 'utf8'))
    const folder = `/proc/${sandboxPid(state)}/fd`
    for (const fd of await readdir(folder)) {
      const target = await readlink(join(folder, fd)).catch(() => '')
      if (target.includes('memfd:runsc-memory')) return join(folder, fd)
    }
    return null
  } catch {
    // Not there yet, or gone: the next look will tell.
    return null
  }
}

/** The pid of gVisor's kernel process in runsc's state file; 0 (which no process has) when it is not there. */
function sandboxPid(state: unknown): number {
  if (typeof state !== 'object' || state === null || !('sandbox' in state)) return 0
  const { sandbox } = state
  if (typeof sandbox !== 'object' || sandbox === null || !('pid' in sandbox)) return 0
  return typeof sandbox.pid === 'number' ? sandbox.pid : 0
}
