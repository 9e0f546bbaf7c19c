import { steadyNow } from '../../shared/domain/time/steady.ts'
import { checkJob } from '../../shared/sandbox/check-job.ts'
import { clampLimits, DEFAULT_LIMITS } from '../../shared/sandbox/limits.ts'
import type {
  PoolStatus,
  Sandbox,
  SandboxJob,
  SandboxResult,
  SandboxStatus,
} from '../../shared/sandbox/port.ts'
import { unavailableResult } from '../../shared/sandbox/unavailable.ts'
import { createCells } from './cells.ts'
import type { FoundSandbox, NoSandbox } from './find.ts'
import { hostNotes, isRootless, namespaceHint } from './host.ts'
import { type RunOptions, runScript, tenths } from './run-script.ts'
import { createSlots } from './slots.ts'
import { toTelemetry } from './telemetry.ts'

const PROBE_MS = 60_000
const RETRY_PROBE_MS = 30_000
const PARALLEL = 2
const QUEUED = 64

export interface GvisorOptions {
  /** What `findSandbox` answered. */
  readonly found: FoundSandbox | NoSandbox
  /** Folder for the private folder of this process; short. The system's folder for temporary files by default. */
  readonly stateDir?: string
  /** Scripts at once: 2 by default, or as many as wait ready. */
  readonly maxParallel?: number
  readonly maxQueued?: number
  /** Most memory that a script may ask for, in MiB; what all callers may, by default. */
  readonly mostMemoryMb?: number
  /** Sandboxes that wait ready once `warm` was called; 0 by default: each script starts its own. */
  readonly poolSize?: number
  readonly platform?: 'systrap' | 'ptrace'
  readonly now: () => number
  /** Random and unguessable: the nonce of a job is made from it. */
  readonly newId: () => string
}

export interface GvisorSandbox extends Sandbox {
  /** Begins to fill the pool, off the caller's path. */
  warm(): void
  /** Ends all scripts, waits until they are gone, and removes the private folder. Afterwards nothing runs any more. */
  close(): Promise<void>
}

/**
 * Runs scripts in gVisor, each in a fresh sandbox that is thrown away after it. At most `maxParallel` run at once, at most
 * `maxQueued` wait. Without runsc every run ends as `unavailable`; there is no other way to run a script.
 */
export function createGvisorSandbox(options: GvisorOptions): GvisorSandbox {
  const { found, now, poolSize = 0 } = options
  const parallel = options.maxParallel ?? Math.max(PARALLEL, poolSize)
  const queueLimit = options.maxQueued ?? QUEUED
  const slots = createSlots({ parallel, queued: queueLimit })
  const closing = new AbortController()
  const platform = options.platform ?? 'systrap'
  const cells = 'reason' in found ? null : createCells({ ...options, found, poolSize, platform })
  const counts = { hits: 0, misses: 0 }
  let probe: { at: number; reason: Promise<string | null> } | null = null

  /** Runs it, and once more where a sandbox that waited had died before it got the job. */
  const runIn = async (
    from: NonNullable<typeof cells>,
    job: SandboxJob,
    run: RunOptions,
    free: () => void,
  ) => {
    for (let again = false; ; again = true) {
      const { cell, hit, made } = await from.take(job, { fresh: again })
      const result = await runScript(cell, job, run)
      const lost = cell.stopped === null || cell.stopped === 'start'
      const undelivered = made && lost && !cell.stderr.started && !cell.stderr.ended
      if (undelivered && !again) continue
      void cell.gone.then(free)
      return { result, hit }
    }
  }

  const run = async (asked: SandboxJob, given: RunOptions, counted = true): Promise<SandboxResult> => {
    checkJob(asked)
    if (cells === null) return unavailableResult('reason' in found ? found.reason : '')
    const begun = now()
    const since = performance.now()
    const queuePosition = slots.position
    const signal = AbortSignal.any([given.signal, closing.signal])
    const waiting = AbortSignal.any([signal, AbortSignal.timeout(Math.max(0, given.deadline - steadyNow()))])
    const free = await slots.acquire(waiting)
    const queued = { queue_ms: tenths(performance.now() - since) }
    if (free === null) return notStarted(signal, waiting, queued, queueLimit)
    try {
      const limits = clampLimits(asked.limits)
      const memoryMb = Math.min(limits.memoryMb, options.mostMemoryMb ?? limits.memoryMb)
      const job = { ...asked, limits: { ...limits, memoryMb } }
      const { result, hit } = await runIn(cells, job, { ...given, signal }, free)
      // What was known of the sandbox no longer holds: the next status looks again.
      if (result.exitClass === 'unavailable') probe = null
      else if (counted) counts[hit ? 'hits' : 'misses']++
      const timings = { ...queued, ...result.timings, total_ms: tenths(performance.now() - since) }
      const whole = { ...result, timings }
      return { ...whole, telemetry: toTelemetry(whole, { begun, hit, queuePosition }) }
    } catch (fault) {
      free()
      if (closing.signal.aborted) return notStarted(signal, waiting, queued, queueLimit)
      const why = fault instanceof Error ? fault.message : String(fault)
      return unavailableResult(`The sandbox cannot write its folder: ${why}`, queued)
    }
  }

  const check = async (): Promise<string | null> => {
    // One that waits ready has said so from inside gVisor.
    if (cells !== null && cells.pool.ready > 0) return null
    const job = { script: 'pass', files: [], limits: DEFAULT_LIMITS }
    const result = await run(job, { signal: closing.signal, deadline: steadyNow() + PROBE_MS }, false)
    if (result.exitClass === 'ok') return null
    return `${result.stderr || `A first script ended as ${result.exitClass}.`}${await namespaceHint()}`
  }

  const poolStatus = (): PoolStatus => ({
    size: poolSize,
    ready: cells?.pool.ready ?? 0,
    starting: cells?.pool.starting ?? 0,
    running: slots.running,
    parallel,
    queued: slots.waiting,
    queueLimit,
    ...counts,
    refillMs: cells?.pool.refillMs ?? null,
    refillBy: cells?.pool.refillBy ?? null,
  })

  return {
    run: (job, given) => run(job, given),
    async status(): Promise<SandboxStatus> {
      if ('reason' in found) return { tier: 'unavailable', runsc: null, platform: null, reason: found.reason }
      const known = probe !== null && ((await probe.reason) === null || now() - probe.at < RETRY_PROBE_MS)
      if (probe === null || !known) probe = { at: now(), reason: check() }
      const reason = await probe.reason
      const tier = reason === null ? 'gvisor' : 'unavailable'
      const place = { rootless: isRootless(), notes: hostNotes(process.pid) }
      return { tier, runsc: found.runscVersion, platform, reason, ...place, pool: poolStatus() }
    },
    warm: () => cells?.pool.fill(),
    async close() {
      closing.abort()
      await cells?.close()
    },
  }
}

/** A job that never got a slot: cancelled, out of time, or turned away by a full queue. */
function notStarted(
  signal: AbortSignal,
  waiting: AbortSignal,
  timings: Readonly<Record<string, number>>,
  queueLimit: number,
): SandboxResult {
  const nothing = { ...unavailableResult('', timings), errorClass: null, tier: 'gvisor' }
  if (signal.aborted) return { ...nothing, exitClass: 'killed' }
  if (waiting.aborted) return { ...nothing, exitClass: 'timeout', errorClass: 'WallTimeLimit' }
  const reason = `Too many scripts wait for the sandbox (${queueLimit} already); try again shortly.`
  return unavailableResult(reason, timings)
}
