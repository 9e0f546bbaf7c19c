import type { SandboxResult } from './port.ts'

/** The result of a script that nothing ran, with the reason where its stderr would be. */
export function unavailableResult(
  reason: string,
  timings: Readonly<Record<string, number>> = {},
): SandboxResult {
  return {
    exitClass: 'unavailable',
    exitCode: null,
    stdout: '',
    stderr: reason,
    errorClass: 'SandboxUnavailable',
    result: null,
    timings,
    tier: 'unavailable',
  }
}
