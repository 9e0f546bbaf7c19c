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

export interface SandboxResult {
  readonly exitClass: ExitClass
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
  /** Name of the exception or of the limit that ended the script, such as `KeyError`, `CpuTimeLimit`; null when none did. */
  readonly errorClass?: string | null
  /** What the script reported, parsed JSON, or null. */
  readonly result: unknown
  /** Milliseconds by phase. */
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
}

/** Runs analysis scripts. There is no implementation that runs one without gVisor. */
export interface Sandbox {
  /** Never throws for what a script does; `exitClass: 'unavailable'` where there is no sandbox. */
  run(
    job: SandboxJob,
    options: { readonly signal: AbortSignal; readonly deadline: number; readonly user: string },
  ): Promise<SandboxResult>
  status(signal: AbortSignal): Promise<SandboxStatus>
}
