import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { checkJob } from '../../shared/sandbox/check-job.ts'
import { clampLimits, DEFAULT_LIMITS } from '../../shared/sandbox/limits.ts'
import type { Sandbox, SandboxJob, SandboxResult, SandboxStatus } from '../../shared/sandbox/port.ts'
import { unavailableResult } from '../../shared/sandbox/unavailable.ts'
import { type Cell, startCell } from './cell.ts'
import type { FoundSandbox, NoSandbox } from './find.ts'
import { createStateFolder } from './leftovers.ts'
import { preloadFor, type RunOptions, runScript } from './run-script.ts'
import type { RunscCall } from './runsc.ts'
import { createSlots } from './slots.ts'

const PROBE_MS = 60_000
const RETRY_PROBE_MS = 30_000

export interface GvisorOptions {
  /** What `findSandbox` answered. */
  readonly found: FoundSandbox | NoSandbox
  /** Folder for the private folder of this process; short. The system's folder for temporary files by default. */
  readonly stateDir?: string
  readonly maxParallel?: number
  readonly maxQueued?: number
  readonly platform?: 'systrap' | 'ptrace'
  readonly now: () => number
  /** Random and unguessable: the nonce of a job is made from it. */
  readonly newId: () => string
}

export interface GvisorSandbox extends Sandbox {
  /** Ends all scripts, waits until they are gone, and removes the private folder. Afterwards nothing runs any more. */
  close(): Promise<void>
}

/**
 * Runs scripts in gVisor, each in a fresh sandbox that is thrown away after it. At most `maxParallel` run at once, at most
 * `maxQueued` wait. Without runsc every run ends as `unavailable`; there is no other way to run a script.
 */
export function createGvisorSandbox(options: GvisorOptions): GvisorSandbox {
  const { found, now } = options
  const slots = createSlots({ parallel: options.maxParallel ?? 2, queued: options.maxQueued ?? 64 })
  const cells = new Set<Cell>()
  const closing = new AbortController()
  let host: Promise<Host> | null = null
  let probe: { at: number; reason: Promise<string | null> } | null = null

  const startHost = () => {
    host ??= createHost(options)
    return host
  }

  const runIn = async (place: Host, job: SandboxJob, run: RunOptions, free: () => void) => {
    const cell = await startCell({
      ...place,
      id: `s${options
        .newId()
        .replace(/[^A-Za-z0-9]/g, '')
        .slice(-16)}`,
      nonce: `${options.newId()}.${options.newId()}`,
      memoryMb: job.limits.memoryMb,
      outputBytes: job.limits.outputBytes,
      preload: preloadFor(job.script),
    })
    cells.add(cell)
    void cell.gone.then(() => {
      cells.delete(cell)
      free()
    })
    return await runScript(cell, job, run)
  }

  const run = async (asked: SandboxJob, given: Omit<RunOptions, 'now'>): Promise<SandboxResult> => {
    checkJob(asked)
    if ('reason' in found) return unavailableResult(found.reason)
    const begun = now()
    const signal = AbortSignal.any([given.signal, closing.signal])
    const waiting = AbortSignal.any([signal, AbortSignal.timeout(Math.max(0, given.deadline - begun))])
    const free = await slots.acquire(waiting)
    const queued = { queue_ms: now() - begun }
    if (free === null) return notStarted(signal, waiting, queued)
    try {
      const job = { ...asked, limits: clampLimits(asked.limits) }
      const result = await runIn(await startHost(), job, { ...given, signal, now }, free)
      return { ...result, timings: { ...queued, ...result.timings, total_ms: now() - begun } }
    } catch (fault) {
      free()
      host = null
      const why = fault instanceof Error ? fault.message : String(fault)
      return unavailableResult(`The sandbox cannot write its folder: ${why}`, queued)
    }
  }

  const check = async (): Promise<string | null> => {
    const job = { script: 'pass', files: [], limits: DEFAULT_LIMITS }
    const result = await run(job, { signal: closing.signal, deadline: now() + PROBE_MS })
    if (result.exitClass === 'ok') return null
    return `${result.stderr || `A first script ended as ${result.exitClass}.`}${await namespaceHint()}`
  }

  return {
    run,
    async status(): Promise<SandboxStatus> {
      if ('reason' in found) return { tier: 'unavailable', runsc: null, platform: null, reason: found.reason }
      const known = probe !== null && ((await probe.reason) === null || now() - probe.at < RETRY_PROBE_MS)
      if (probe === null || !known) probe = { at: now(), reason: check() }
      const reason = await probe.reason
      const tier = reason === null ? 'gvisor' : 'unavailable'
      return { tier, runsc: found.runscVersion, platform: options.platform ?? 'systrap', reason }
    },
    async close() {
      closing.abort()
      for (const cell of cells) cell.stop('cancelled')
      await Promise.all([...cells].map((cell) => cell.gone))
      const place = await host?.catch(() => null)
      if (place) await rm(place.folder, { recursive: true, force: true })
    },
  }
}

interface Host {
  readonly folder: string
  readonly bundles: string
  readonly call: RunscCall
  readonly pythonRoot: string
}

async function createHost({ found, stateDir, platform }: GvisorOptions): Promise<Host> {
  if ('reason' in found) throw new Error(found.reason)
  const folder = await createStateFolder(stateDir)
  const call = {
    path: found.runscPath,
    platform: platform ?? 'systrap',
    stateRoot: join(folder, 's'),
    rootless: process.getuid?.() !== 0,
  }
  await mkdir(call.stateRoot, { mode: 0o700 })
  await mkdir(join(folder, 'b'), { mode: 0o700 })
  return { folder, bundles: join(folder, 'b'), call, pythonRoot: found.pythonRoot }
}

/** A job that never got a slot: cancelled, out of time, or turned away by a full queue. */
function notStarted(
  signal: AbortSignal,
  waiting: AbortSignal,
  timings: Readonly<Record<string, number>>,
): SandboxResult {
  const nothing = { ...unavailableResult('', timings), errorClass: null, tier: 'gvisor' }
  if (signal.aborted) return { ...nothing, exitClass: 'killed' }
  if (waiting.aborted) return { ...nothing, exitClass: 'timeout', errorClass: 'WallTimeLimit' }
  return unavailableResult('Too many scripts wait for the sandbox; try again shortly.', timings)
}

/** Ubuntu forbids what rootless gVisor needs, and runsc's own message does not say so. */
async function namespaceHint(): Promise<string> {
  if (process.getuid?.() === 0) return ''
  const path = '/proc/sys/kernel/apparmor_restrict_unprivileged_userns'
  const value = await readFile(path, 'utf8').catch(() => '0')
  if (value.trim() !== '1') return ''
  return ' This system restricts user namespaces: sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0 allows them.'
}
