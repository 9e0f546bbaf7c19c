import type { Now } from '../../shared/domain/ids.ts'
import { toAetherError } from '../../shared/errors/aether-error.ts'
import { ERRORS } from '../../shared/errors/table.ts'
import { pause, type Timers } from './runs/timers.ts'

export interface ProbeResult {
  readonly state: 'ok' | 'degraded' | 'starting' | 'down' | 'off'
  readonly version?: string | null
  readonly code?: string | null
  readonly message?: string | null
  /** What the reader can do about it. */
  readonly next?: string | null
}

/** A look at one dependency; `required` ones decide about readiness. A throw is `down`, by the error table. */
export interface Probe {
  readonly name: string
  readonly kind: 'agent' | 'storage' | 'home' | 'model' | 'sandbox' | 'tracing'
  readonly required: boolean
  /** What to do when it does not answer in time. */
  readonly whenSlow?: string
  check(signal: AbortSignal): Promise<ProbeResult>
}

/** A dependency as `GET /status` shows it. */
export interface Dependency extends Required<ProbeResult> {
  readonly name: string
  readonly kind: Probe['kind']
  readonly required: boolean
  readonly latencyMs: number
}

export interface Probes {
  /** All dependencies, looked at side by side within the bound, or as seen at most a few seconds ago. */
  look(): Promise<readonly Dependency[]>
}

/** Probes with a bound on each look and one shared result, so that status pages cost the dependencies little. */
export function createProbes(
  probes: readonly Probe[],
  deps: { now: Now; timers: Timers; boundMs: number; keptMs: number },
): Probes {
  let kept: { at: number; result: Promise<readonly Dependency[]> } | null = null
  return {
    look() {
      if (kept === null || deps.now() - kept.at >= deps.keptMs)
        kept = { at: deps.now(), result: Promise.all(probes.map((probe) => lookAt(probe, deps))) }
      return kept.result
    },
  }
}

async function lookAt(
  probe: Probe,
  deps: { now: Now; timers: Timers; boundMs: number },
): Promise<Dependency> {
  const start = deps.now()
  const stop = new AbortController()
  const slow: ProbeResult = {
    state: 'down',
    code: 'timeout',
    message: 'It does not answer in time.',
    next: probe.whenSlow ?? 'Look at its log, and at the load of its machine.',
  }
  const late = pause(deps.timers, deps.boundMs, stop.signal).then(() => slow)
  const look = async () => probe.check(stop.signal)
  const result = await Promise.race([look().catch(toDown), late])
  stop.abort()
  return {
    name: probe.name,
    kind: probe.kind,
    required: probe.required,
    latencyMs: deps.now() - start,
    state: result.state,
    version: result.version ?? null,
    code: result.code ?? null,
    message: result.message ?? null,
    next: result.next ?? null,
  }
}

function toDown(thrown: unknown): ProbeResult {
  const error = toAetherError(thrown)
  const row = ERRORS[error.code]
  return { state: 'down', code: row.wire, message: error.message, next: row.suggestion }
}
