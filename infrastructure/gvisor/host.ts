import { mkdir, readFile, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { type Cgroups, openCgroups } from './cgroups.ts'
import type { FoundSandbox } from './find.ts'
import { startGuardian } from './guardian.ts'
import { claim, createStateFolder, noteCgroups } from './leftovers.ts'
import type { RunscCall } from './runsc.ts'

/** Where this process keeps its sandboxes, and how it calls runsc. */
export interface Host {
  /** Private; everything else lies in it. */
  readonly folder: string
  readonly bundles: string
  readonly call: RunscCall
  readonly pythonRoot: string
  /** Where the machine lets us make them. */
  readonly cgroups: Cgroups | null
  /** Removes the folder; all sandboxes have ended before. */
  remove(): Promise<void>
}

const CLAIM_MS = 60_000

/** Makes the private folder. Rejects when it cannot be written. */
export async function createHost(
  found: FoundSandbox,
  {
    stateDir,
    platform,
  }: { readonly stateDir?: string | undefined; readonly platform: RunscCall['platform'] },
): Promise<Host> {
  const folder = await createStateFolder(stateDir)
  const call = {
    path: found.runscPath,
    platform,
    stateRoot: join(folder, 's'),
    rootless: isRootless(),
  }
  await mkdir(call.stateRoot, { mode: 0o700 })
  await mkdir(join(folder, 'b'), { mode: 0o700 })
  const cgroups = await openCgroups(basename(folder))
  if (cgroups !== null) await noteCgroups(folder, cgroups.folder)
  const guardian = startGuardian(folder, cgroups?.folder ?? null)
  const claims = setInterval(() => {
    // A folder that cannot be written is seen by the next job.
    claim(folder).catch(() => undefined)
  }, CLAIM_MS)
  claims.unref()
  return {
    folder,
    bundles: join(folder, 'b'),
    call,
    pythonRoot: found.pythonRoot,
    cgroups,
    async remove() {
      clearInterval(claims)
      await cgroups?.remove()
      await rm(folder, { recursive: true, force: true })
      guardian.release()
    },
  }
}

/** Without root's rights gVisor runs in a user namespace of its own. */
export function isRootless(): boolean {
  return process.getuid?.() !== 0
}

/** What is wrong with the place that this process runs in, though scripts run; `pid` is its own id. */
export function hostNotes(pid: number): string[] {
  if (pid !== 1) return []
  return [
    'This process is the first of its container, so the processes that sandboxes leave stay as zombies until it ends. Start the container with an init: --init, or init: true in compose.',
  ]
}

/** Ubuntu forbids what rootless gVisor needs, and runsc's own message does not say so. */
export async function namespaceHint(): Promise<string> {
  if (process.getuid?.() === 0) return ''
  const path = '/proc/sys/kernel/apparmor_restrict_unprivileged_userns'
  const value = await readFile(path, 'utf8').catch(() => '0')
  if (value.trim() !== '1') return ''
  return ' This system restricts user namespaces: sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0 allows them.'
}
