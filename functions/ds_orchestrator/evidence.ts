import { weakestFactor } from '../../shared/analysis/confidence.ts'
import type { AnalysisResult, Focus, ScriptRun } from '../../shared/domain/analysis.ts'
import type { Factor, Finding } from '../../shared/domain/finding.ts'
import type { Metric } from '../../shared/domain/metric.ts'
import type { AnalystName } from '../../shared/domain/names.ts'

/** All that the tries of one analysis have brought so far. */
export interface Evidence {
  /** The best finding of each analyst and kind. */
  readonly findings: readonly Finding[]
  /** Every metric of every try. */
  readonly metrics: readonly Metric[]
  readonly scripts: readonly ScriptRun[]
}

export const NO_EVIDENCE: Evidence = { findings: [], metrics: [], scripts: [] }

const keyOf = (finding: Finding) => `${finding.analyst}/${finding.kind}/${finding.entities.join(',')}`

/** Adds a try: a finding takes the place of an earlier one about the same thing when it is at least as sure. */
export function addTry(evidence: Evidence, result: AnalysisResult): Evidence {
  const best = new Map(evidence.findings.map((finding) => [keyOf(finding), finding]))
  for (const finding of result.findings) {
    const earlier = best.get(keyOf(finding))
    if (!earlier || finding.confidence.value >= earlier.confidence.value) best.set(keyOf(finding), finding)
  }
  return {
    findings: [...best.values()],
    metrics: [...evidence.metrics, ...result.metrics],
    scripts: [...evidence.scripts, ...result.scripts],
  }
}

/** The findings that the answer rests on: those that the question is after; all where it is after the whole picture. */
export function restingOn(findings: readonly Finding[], focus: readonly Focus[]): readonly Finding[] {
  const asked = findings.filter((finding) => (focus as readonly string[]).includes(finding.kind))
  return focus.includes('overview') || asked.length === 0 ? findings : asked
}

/** Confidence of the whole: that of the weakest finding, with the factor that limits it; 0 without any finding. */
export function weakestLink(findings: readonly Finding[]): {
  value: number
  finding: Finding | null
  factor: Factor | null
} {
  let weakest: Finding | null = null
  for (const finding of findings)
    if (!weakest || finding.confidence.value < weakest.confidence.value) weakest = finding
  if (!weakest) return { value: 0, finding: null, factor: null }
  return { value: weakest.confidence.value, finding: weakest, factor: weakestFactor(weakest.confidence) }
}

/** The analysts that have a finding below the threshold, in their running order. */
export function analystsBelow(
  findings: readonly Finding[],
  threshold: number,
  order: readonly AnalystName[],
): AnalystName[] {
  return order.filter((name) => findings.some((f) => f.analyst === name && f.confidence.value < threshold))
}

/** Error class of the last failed script of a try, or null. */
export function lastScriptError(scripts: readonly ScriptRun[]): string | null {
  for (const script of scripts.toReversed())
    if (script.exitClass !== 'ok' && script.exitClass !== 'unavailable')
      return script.errorClass ?? script.exitClass
  return null
}
