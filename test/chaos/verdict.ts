/** What became of the runs. */
export interface Verdict {
  readonly violations: readonly string[]
  readonly runs: number
  readonly completed: number
  /** Ended with a typed error. */
  readonly failed: number
  /** Tries beyond the first. */
  readonly resumed: number
}

/** What the verdicts of several worlds come to. */
export function sumOf(verdicts: readonly Verdict[]): Verdict {
  const total = (of: (verdict: Verdict) => number) => verdicts.reduce((sum, one) => sum + of(one), 0)
  return {
    violations: verdicts.flatMap((one) => one.violations),
    runs: total((one) => one.runs),
    completed: total((one) => one.completed),
    failed: total((one) => one.failed),
    resumed: total((one) => one.resumed),
  }
}

/** A verdict in words. */
export function sayVerdict({ runs, completed, failed, resumed }: Verdict): string {
  return `${runs} runs: ${completed} answered, ${failed} ended with a typed error and were asked again, ${resumed} further tries`
}
