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
  /** What is left of all sandboxes: processes and entries of its folders. */
  leftovers(): Promise<string[]>
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
    leftovers: () => leftoversOf(stateDir),
    async close() {
      await sandbox.close()
      await rm(stateDir, { recursive: true, force: true })
    },
  }
}

/** Processes that name a state folder, and what lies in the folders of its sandboxes. */
export async function leftoversOf(stateDir: string): Promise<string[]> {
  const left: string[] = []
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    const args = await readFile(`/proc/${entry}/cmdline`, 'utf8').catch(() => '')
    if (args.includes(stateDir) && args.includes('runsc'))
      left.push(`process ${args.split('\0').join(' ').slice(0, 200)}`)
  }
  for (const own of await readdir(stateDir))
    for (const name of ['s', 'b'])
      for (const entry of await readdir(join(stateDir, own, name)).catch(() => []))
        left.push(`${name}/${entry}`)
  return left
}
