import type { ExitClass } from '../domain/analysis.ts'

export interface SandboxFile {
  /** Plain file name; the script reads it from its working folder. */
  readonly name: string
  readonly content: string
  /** How `content` is written; UTF-8 text when it does not say. */
  readonly encoding?: 'utf8' | 'base64'
}

export interface SandboxLimits {
  readonly wallMs: number
  readonly cpuS: number
  readonly memoryMb: number
  readonly outputBytes: number
}

export interface SandboxJob {
  readonly script: string
  readonly files: readonly SandboxFile[]
  readonly limits: SandboxLimits
}

/** A figure that a script reported, apart from its result; `at` is the instant it points to, as the script wrote it. */
export interface SandboxMetric {
  readonly name: string
  readonly value: number | null
  readonly unit: string
  readonly at: string | null
}

export const ARTIFACT_TYPES = ['image/png', 'image/svg+xml', 'text/csv', 'application/json'] as const
export type ArtifactType = (typeof ARTIFACT_TYPES)[number]

/** A file that a script made, checked: its content is what its type says, an SVG holds nothing that acts. */
export interface SandboxArtifact {
  readonly name: string
  readonly type: ArtifactType
  /** Size of the decoded content. */
  readonly bytes: number
  /** Base64 for images of pixels, text otherwise. */
  readonly content: string
  readonly encoding: 'utf8' | 'base64'
}

/** A file that was not taken, and why. */
export interface RefusedArtifact {
  readonly name: string
  readonly reason: string
}

/** A part of a run's time, epoch milliseconds. */
export interface SandboxSpan {
  readonly name: string
  readonly start: number
  readonly end: number
}

/** What the runner would tell a trace server and a scraper if it could reach one: it comes back with the result. */
export interface SandboxTelemetry {
  readonly spans: readonly SandboxSpan[]
  /** What this run adds to the counters of these names. */
  readonly counters: Readonly<Record<string, number>>
}

export interface SandboxResult {
  readonly exitClass: ExitClass
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
  /** Name of the exception or of the limit that ended the script, such as `KeyError`, `CpuTimeLimit`; null when none did. */
  readonly errorClass?: string | null
  /** What the script reported, parsed JSON, or null. */
  readonly result: unknown
  readonly metrics?: readonly SandboxMetric[]
  readonly artifacts?: readonly SandboxArtifact[]
  readonly artifactsRefused?: readonly RefusedArtifact[]
  readonly telemetry?: SandboxTelemetry
  /** Milliseconds by phase: `queue_ms`, `start_ms`, `handoff_ms`, `first_output_ms`, `run_ms`, `cpu_ms`, `total_ms`. */
  readonly timings: Readonly<Record<string, number>>
  /** `gvisor`, or `unavailable`: then nothing ran. */
  readonly tier: string
}

export interface SandboxStatus {
  readonly tier: 'gvisor' | 'unavailable'
  readonly runsc: string | null
  readonly platform: string | null
  /** Why there is none and what to do, or null. */
  readonly reason: string | null
  /** gVisor runs as a plain user, without root's rights; it then cannot restore, and sandboxes are started instead. */
  readonly rootless?: boolean
  /** What works but should be otherwise, each with what to do. */
  readonly notes?: readonly string[]
  readonly pool?: PoolStatus
}

/** Sandboxes that wait, run, and are being made at this moment, and how the pool has done since the start. */
export interface PoolStatus {
  /** How many are to wait ready; 0: each script starts its own. */
  readonly size: number
  readonly ready: number
  readonly starting: number
  readonly running: number
  /** Scripts that run at once at most. */
  readonly parallel: number
  readonly queued: number
  readonly queueLimit: number
  readonly hits: number
  readonly misses: number
  /** Milliseconds that the newest waiting sandbox took to be made; null before the first. */
  readonly refillMs: number | null
  /** How it was made. */
  readonly refillBy: 'start' | 'restore' | null
}

/** Runs analysis scripts. There is no implementation that runs one without gVisor. */
export interface Sandbox {
  /** Never throws for what a script does; `exitClass: 'unavailable'` where there is no sandbox. */
  run(
    job: SandboxJob,
    options: {
      readonly signal: AbortSignal
      /** By the steady clock. */
      readonly deadline: number
      readonly user: string
      /** W3C trace context of the caller's span. */
      readonly traceparent?: string
    },
  ): Promise<SandboxResult>
  status(signal: AbortSignal): Promise<SandboxStatus>
}
