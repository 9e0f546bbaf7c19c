import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findSandbox } from '../../../infrastructure/gvisor/find.ts'
import {
  createGvisorSandbox,
  type GvisorOptions,
  type GvisorSandbox,
} from '../../../infrastructure/gvisor/sandbox.ts'
import { DEFAULT_LIMITS } from '../../../shared/sandbox/limits.ts'
import type { SandboxFile, SandboxLimits, SandboxResult } from '../../../shared/sandbox/port.ts'

/** Set on machines where gVisor cannot be had: the tests that need it are then skipped, and say so. */
export const WITHOUT_SANDBOX = process.env.AETHER_NO_SANDBOX === '1'
if (WITHOUT_SANDBOX)
  console.warn('AETHER_NO_SANDBOX=1: the tests in real gVisor do NOT run, so nothing is proven of it')

export interface RealSandbox {
  readonly sandbox: GvisorSandbox
  readonly stateDir: string
  run(script: string, options?: RunOptions): Promise<SandboxResult>
  /** What is left of all sandboxes, or of one alone: processes, entries of its folders, cgroups. */
  leftovers(of?: string): Promise<string[]>
  /** With a pool of one: waits until that one is ready, for it serves the next script, and gives its id. */
  next(): Promise<string>
  close(): Promise<void>
}

export interface RunOptions {
  readonly files?: readonly SandboxFile[]
  readonly limits?: Partial<SandboxLimits>
  readonly signal?: AbortSignal
  readonly deadline?: number
}

/** Real gVisor in a folder of its own. Throws, with what to do, where there is none. */
export async function openRealSandbox(options: Partial<GvisorOptions> = {}): Promise<RealSandbox> {
  const found = await findSandbox(process.env)
  if ('reason' in found)
    throw new Error(`${found.reason} (or set AETHER_NO_SANDBOX=1 to go without these tests)`)
  const stateDir = await mkdtemp(join(tmpdir(), 'sbt-'))
  const sandbox = createGvisorSandbox({
    found,
    stateDir,
    now: () => Date.now(),
    newId: () => crypto.randomUUID(),
    ...options,
  })
  return {
    sandbox,
    stateDir,
    run: (script, { files = [], limits, signal, deadline } = {}) =>
      sandbox.run(
        { script, files, limits: { ...DEFAULT_LIMITS, ...limits } },
        {
          signal: signal ?? new AbortController().signal,
          deadline: deadline ?? Date.now() + 50_000,
          user: 'test',
        },
      ),
    async leftovers(of) {
      const all = await leftoversOf(stateDir)
      return of === undefined ? all : all.filter((line) => line.includes(of))
    },
    async next() {
      for (let tries = 0; tries < 1_000; tries++) {
        const { pool } = await sandbox.status(new AbortController().signal)
        const [only, ...others] = (await leftoversOf(stateDir)).filter((line) => line.startsWith('b/'))
        if (pool?.ready === 1 && only !== undefined && others.length === 0) return only.slice(2)
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
      throw new Error('no sandbox comes to be ready')
    },
    async close() {
      await sandbox.close()
      await rm(stateDir, { recursive: true, force: true })
    },
  }
}

/** Processes that name a state folder, what lies in the folders of its sandboxes, and their cgroups. */
export async function leftoversOf(stateDir: string): Promise<string[]> {
  const left: string[] = []
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    const args = await readFile(`/proc/${entry}/cmdline`, 'utf8').catch(() => '')
    if (args.includes(stateDir) && args.includes('runsc'))
      left.push(`process ${args.split('\0').join(' ').slice(0, 200)}`)
  }
  for (const own of await readdir(stateDir)) {
    for (const name of ['s', 'b'])
      for (const entry of await readdir(join(stateDir, own, name)).catch(() => []))
        left.push(`${name}/${entry}`)
    for (const entry of await cgroupsOf(join(stateDir, own))) left.push(`cgroup ${entry}`)
  }
  return left
}

/** Names of the cgroups that a runner has made for its sandboxes. */
async function cgroupsOf(folder: string): Promise<string[]> {
  const place = await readFile(join(folder, 'cgroups'), 'utf8').catch(() => null)
  if (place === null) return []
  const entries = await readdir(place, { withFileTypes: true }).catch(() => [])
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
}

/** Where the runners in a folder have their cgroups; none on machines that do not allow them. */
export async function cgroupFolders(stateDir: string): Promise<string[]> {
  const names = await readdir(stateDir)
  const places = names.map((own) => readFile(join(stateDir, own, 'cgroups'), 'utf8').catch(() => ''))
  return (await Promise.all(places)).filter((place) => place !== '')
}
