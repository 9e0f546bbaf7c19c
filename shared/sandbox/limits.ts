import type { SandboxLimits } from './port.ts'

interface Range {
  readonly least: number
  readonly usual: number
  readonly most: number
}

/** What a script may use: wall time (ms), processor time (s), memory (MiB) and output (bytes a stream). */
export const LIMIT_RANGES: Readonly<Record<keyof SandboxLimits, Range>> = {
  wallMs: { least: 100, usual: 20_000, most: 120_000 },
  cpuS: { least: 1, usual: 10, most: 60 },
  // Under 300 MiB pandas does not load.
  memoryMb: { least: 320, usual: 512, most: 2_048 },
  outputBytes: { least: 1_024, usual: 1_048_576, most: 1_048_576 },
}

/** What a script gets when its caller does not say. */
export const DEFAULT_LIMITS: SandboxLimits = {
  wallMs: LIMIT_RANGES.wallMs.usual,
  cpuS: LIMIT_RANGES.cpuS.usual,
  memoryMb: LIMIT_RANGES.memoryMb.usual,
  outputBytes: LIMIT_RANGES.outputBytes.usual,
}

/** Limits within their ranges, as whole numbers; what is missing gets its usual value. */
export function clampLimits(
  limits: {
    readonly [K in keyof SandboxLimits]?: number | undefined
  },
): SandboxLimits {
  const within = (name: keyof SandboxLimits) => {
    const { least, usual, most } = LIMIT_RANGES[name]
    return Math.round(Math.min(Math.max(limits[name] ?? usual, least), most))
  }
  return {
    wallMs: within('wallMs'),
    cpuS: within('cpuS'),
    memoryMb: within('memoryMb'),
    outputBytes: within('outputBytes'),
  }
}
