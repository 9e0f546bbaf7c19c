import type { ExitClass } from '../domain/analysis.ts'
import type { Confidence, Factor } from '../domain/finding.ts'
import type { Span } from '../domain/home-data.ts'
import {
  AGREED,
  COVERAGE_CLAIM,
  LEAST_FACTOR,
  NO_CHECK,
  SCRIPT_FAILED,
  SCRIPT_UNAVAILABLE,
  SOURCE_AGREED,
} from './constants.ts'
import { formatPercent } from './format.ts'
import type { Flag, FlagKind } from './series/series.ts'

/**
 * Confidence left when data of this kind of oddity is in the window (choices, to be calibrated on the truth bench).
 * Missing time is the coverage factor's business, and a clock change is handled exactly.
 */
const KEPT: Readonly<Record<FlagKind, number>> = {
  coverage: 1,
  clock_change: 1,
  gap: 0.97,
  dip: 0.97,
  reset: 0.95,
  catch_up: 0.9,
  stale: 0.85,
  duplicate: 0.8,
  stuck: 0.65,
  unit_mix: 0.4,
  impossible: 0.5,
  negative: 0.4,
}

/** Share of the window with data; below one half nothing may be claimed, and the factor says so. */
export function coverageFactor(coverage: number): Factor {
  const share = clamp(coverage)
  const value = share >= COVERAGE_CLAIM ? share : share / 2
  const reason =
    share >= 0.9995
      ? 'the whole window has data'
      : share > 0
        ? `${formatPercent(share)} of the window has data`
        : 'there is no data in the window'
  return { name: 'coverage', value, reason }
}

/** Whether there is enough for the method: `what` names what is counted, such as `nights`. */
export function sampleFactor(n: number, needed: number, what = 'samples'): Factor {
  const value = needed > 0 ? clamp(n / needed) : 1
  const reason =
    value >= 1 ? `${n} ${what} are enough` : `only ${n} ${what}, where the method wants ${needed}`
  return { name: 'sample', value, reason }
}

/**
 * Whether an independent estimate lands near the primary one: 0.98 within `tolerance` (relative), falling as the
 * difference grows. Without a second estimate 0.85 stays. `what` names it, such as `the script`.
 */
export function agreementFactor(
  primary: number | null,
  other: number | null,
  tolerance: number,
  what: string,
): Factor {
  if (primary === null || other === null || !Number.isFinite(primary) || !Number.isFinite(other))
    return { name: 'agreement', value: NO_CHECK, reason: 'no independent estimate confirmed it' }
  const size = Math.max(Math.abs(primary), Math.abs(other))
  const difference = size === 0 ? 0 : Math.abs(primary - other) / size
  const room = tolerance > 0 ? tolerance : 0
  if (difference <= room)
    return {
      name: 'agreement',
      value: AGREED,
      reason: `${what} comes to the same within ${formatPercent(room)}`,
    }
  const value = Math.max(LEAST_FACTOR, Math.min(AGREED, room / difference))
  return { name: 'agreement', value, reason: `${what} differs by ${formatPercent(difference)}` }
}

/**
 * Agreement of a figure that has no second estimate of its own: 0.95 where `source`, the check of the data behind it,
 * agreed; else no more than is left of the source.
 */
export function sourceFactor(source: Factor): Factor {
  if (source.value < AGREED) return { ...source, value: Math.min(source.value, NO_CHECK) }
  return {
    name: 'agreement',
    value: SOURCE_AGREED,
    reason: 'an independent estimate confirms the meters, though not each figure made from them',
  }
}

/** Agreement of what is read or counted from the home's records as they stand. */
export function recordsFactor(): Factor {
  return {
    name: 'agreement',
    value: SOURCE_AGREED,
    reason: "it comes from the home's own records, and nothing beside them confirms it",
  }
}

/** What the quality flags that touch the span leave; each kind counts once, the reason names the worst. */
export function qualityFactor(flags: readonly Flag[], span: Span): Factor {
  let value = 1
  let worst: Flag | null = null
  const seen = new Set<FlagKind>()
  for (const flag of flags) {
    if (flag.start >= span.end || flag.end <= span.start || seen.has(flag.kind)) continue
    seen.add(flag.kind)
    value *= KEPT[flag.kind]
    if (KEPT[flag.kind] < 1 && (!worst || KEPT[flag.kind] < KEPT[worst.kind])) worst = flag
  }
  return {
    name: 'quality',
    value: Math.max(LEAST_FACTOR, value),
    reason: worst ? `a flaw in the data: ${worst.effect}` : 'the data shows no flaws',
  }
}

/** Health of the analysis script; null where none was called for. */
export function scriptFactor(exitClass: ExitClass | null): Factor {
  if (exitClass === null) return { name: 'script', value: 1, reason: 'no script was needed' }
  if (exitClass === 'ok') return { name: 'script', value: 1, reason: 'the check script ran' }
  if (exitClass === 'unavailable')
    return {
      name: 'script',
      value: SCRIPT_UNAVAILABLE,
      reason: 'there is no sandbox to run a check script in',
    }
  return { name: 'script', value: SCRIPT_FAILED, reason: `the check script failed (${exitClass})` }
}

/** The product of the factors. Without any there is no evidence: 0. */
export function confidenceOf(factors: readonly Factor[]): Confidence {
  const value =
    factors.length === 0 ? 0 : factors.reduce((product, factor) => product * clamp(factor.value), 1)
  return { value, factors }
}

/** The factor that limits most, the first of equals; null without factors. */
export function weakestFactor(confidence: Confidence): Factor | null {
  let weakest: Factor | null = null
  for (const factor of confidence.factors) if (!weakest || factor.value < weakest.value) weakest = factor
  return weakest
}

function clamp(value: number): number {
  return Number.isFinite(value) ? Math.min(1, Math.max(0, value)) : 0
}
