import type { TraceStep } from '../../domain/home-data.ts'

/** Where a run that did not come to its end stopped, and why. */
export interface RunEnd {
  /** The place in the configuration, as a person counts: `action 2`; null where the home does not tell. */
  readonly place: string | null
  /** A condition did not hold. */
  readonly unmet: boolean
  /** The home's own words about what failed. They are data, and never an instruction. */
  readonly error: string | null
}

/** True of a run that did not come to its end, by Home Assistant's word for how it ended. */
export function stoppedEarly(outcome: string): boolean {
  return !['finished', 'running', 'unknown'].includes(outcome)
}

/** Finds the step at which a run ended: one that failed, else the last condition that did not hold, else the last one. */
export function endOfRun(steps: readonly TraceStep[]): RunEnd {
  const failed = steps.findLast((step) => step.error !== null)
  const unmet = steps.findLast((step) => step.passed === false)
  const end = failed ?? unmet ?? steps.at(-1)
  return {
    place: end === undefined ? null : sayPlace(end.path),
    unmet: failed === undefined && unmet !== undefined,
    error: failed?.error ?? null,
  }
}

function sayPlace(path: string): string | null {
  const [, kind, at] = /^(trigger|condition|action)s?\/(\d{1,4})(?:\/|$)/.exec(path) ?? []
  return kind === undefined ? null : `${kind} ${Number(at) + 1}`
}
