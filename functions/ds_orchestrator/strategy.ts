import type { Strategy } from '../../shared/domain/analysis.ts'
import type { FactorName } from '../../shared/domain/finding.ts'

/** Gain in confidence below which a further try is not worth its time. */
export const LEAST_GAIN = 0.05

/** The first try: whatever statistics suit the window, the primary method, nothing left out. */
export const FIRST_TRY: Strategy = {
  attempt: 1,
  statistics: 'auto',
  extraDays: 0,
  excludeFlagged: false,
  method: 'primary',
  scriptError: null,
}

export interface NextTry {
  readonly strategy: Strategy
  /** What is done differently, as the user reads it. */
  readonly changes: readonly string[]
}

/** Kinds of finding that may rest on days before the window, and say so. */
const READS_FURTHER: readonly string[] = ['baseload', 'anomaly', 'routines', 'automations']

/** True when more days before the window can help a finding of this kind. */
export const canReadFurther = (kind: string | undefined): boolean => READS_FURTHER.includes(kind ?? '')

/**
 * Changes what the weakest factor of the last try calls for; null when everything that helps against that factor has
 * been tried. Where a window is patchy, what `readsFurther` than it gets more days at once: other statistics of the
 * same hours seldom fill them. Each answer differs from `last` in more than its number, so a loop over it ends.
 */
export function nextTry(
  last: Strategy,
  weakest: FactorName,
  scriptError: string | null,
  readsFurther = false,
): NextTry | null {
  const attempt = last.attempt + 1
  switch (weakest) {
    case 'coverage':
      return last.statistics === 'long_term' ? moreDays(last, attempt) : longTerm(last, attempt, readsFurther)
    case 'sample':
      return moreDays(last, attempt)
    case 'agreement':
      if (last.method === 'primary')
        return {
          strategy: { ...last, attempt, method: 'alternative', scriptError },
          changes: ['checked with another method'],
        }
      return last.excludeFlagged ? null : withoutFlagged(last, attempt)
    case 'quality':
      return last.excludeFlagged ? moreDays(last, attempt) : withoutFlagged(last, attempt)
    case 'script':
      if (scriptError === null || scriptError === last.scriptError) return null
      return { strategy: { ...last, attempt, scriptError }, changes: ['had the analysis script repaired'] }
  }
}

function longTerm(last: Strategy, attempt: number, readsFurther: boolean): NextTry {
  const further = readsFurther ? moreDays(last, attempt) : null
  return {
    strategy: { ...(further?.strategy ?? last), attempt, statistics: 'long_term' },
    changes: ['read long-term statistics instead of 5-minute ones', ...(further?.changes ?? [])],
  }
}

function moreDays(last: Strategy, attempt: number): NextTry | null {
  if (last.extraDays >= 21) return null
  const extraDays = last.extraDays === 0 ? 14 : 28
  return {
    strategy: { ...last, attempt, extraDays },
    changes: [`let methods that need more samples read ${extraDays} more days before the window`],
  }
}

function withoutFlagged(last: Strategy, attempt: number): NextTry {
  return {
    strategy: { ...last, attempt, excludeFlagged: true },
    changes: ['left out the spans that the data-quality check had marked'],
  }
}
