import type { FactorName, Finding } from './finding.ts'
import type { Metric } from './metric.ts'
import type { AnalystName } from './names.ts'
import type { TimeWindow } from './window.ts'

/** How a script ended. `unavailable` means that no sandbox was there and nothing ran. */
export type ExitClass = 'ok' | 'error' | 'timeout' | 'memory' | 'output' | 'killed' | 'unavailable'

/** A figure that a script reported beside its result; `at` is the instant it points to, as the script wrote it. */
export interface ScriptMetric {
  readonly name: string
  readonly value: number | null
  readonly unit: string
  readonly at: string | null
}

/** A file that a script left, such as a chart; the runner has checked that it is what its type says. */
export interface ScriptArtifact {
  readonly name: string
  readonly mediaType: string
  /** Size of the decoded content. */
  readonly bytes: number
  readonly content: string
  readonly encoding: 'utf8' | 'base64'
}

/** One run of an analysis script, kept whether it worked or not. Timings are milliseconds. */
export interface ScriptRun {
  readonly id: string
  readonly analyst: AnalystName
  readonly attempt: number
  readonly code: string
  readonly files: readonly string[]
  readonly exitClass: ExitClass
  readonly errorClass: string | null
  readonly stdout: string
  readonly stderr: string
  readonly result: unknown
  readonly metrics: readonly ScriptMetric[]
  readonly artifacts: readonly ScriptArtifact[]
  /** Files that were not kept, and why. */
  readonly artifactsRefused: readonly { readonly name: string; readonly reason: string }[]
  readonly timings: Readonly<Record<string, number>>
  readonly tier: string
}

/** One try of the confidence loop: its confidence, the factor that limited it, and what was changed for it. */
export interface Attempt {
  readonly number: number
  readonly confidence: number
  readonly weakest: FactorName | null
  readonly changes: readonly string[]
}

export interface ArtifactRef {
  readonly id: string
  readonly mediaType: string
  readonly title: string
  readonly url: string
}

/** One data-science job with all its evidence. */
export interface Analysis {
  readonly id: string
  readonly runId: string
  readonly question: string
  readonly window: TimeWindow
  readonly confidence: number
  readonly attempts: readonly Attempt[]
  readonly findings: readonly Finding[]
  readonly metrics: readonly Metric[]
  readonly scripts: readonly ScriptRun[]
  readonly artifacts: readonly ArtifactRef[]
}

/** What a question is after; decides which findings are made and which come first. */
export const FOCUSES = [
  'overview',
  'total',
  'cost',
  'peak',
  'baseload',
  'night',
  'devices',
  'solar',
  'supplies',
  'comparison',
  'profile',
  'anomaly',
  'routines',
  'automations',
  'availability',
  'battery',
  'log',
  'quality',
] as const
export type Focus = (typeof FOCUSES)[number]

/** What to do differently on a further try, chosen from the factor that limited the one before. */
export interface Strategy {
  readonly attempt: number
  /** Statistics to read: the recorder's long-term rows, or its 5-minute ones. */
  readonly statistics: 'auto' | 'long_term' | 'short_term'
  /** Days before the window that methods short of samples may read too (baseload, routines); the metric says so. */
  readonly extraDays: number
  /** Leave out buckets that a quality flag marks. */
  readonly excludeFlagged: boolean
  /** Estimator for the independent check. */
  readonly method: 'primary' | 'alternative'
  /** What the last failed script said, for its repair; null on a first try. */
  readonly scriptError: string | null
}

/** The one call that ds_orchestrator makes to ds_analysts (`aether.analysis-request/v1`). */
export interface AnalysisRequest {
  readonly analysisId: string
  readonly runId: string
  readonly question: string
  readonly analysts: readonly AnalystName[]
  readonly focus: readonly Focus[]
  readonly window: TimeWindow
  /** A second window to hold the first against, or null. */
  readonly compare: TimeWindow | null
  readonly strategy: Strategy
  /** Findings that already stand, from earlier tries of other analysts. */
  readonly known: readonly Finding[]
}

/** What ds_analysts answers with (`aether.analysis-result/v1`): the evidence of one try. */
export interface AnalysisResult {
  readonly analysisId: string
  readonly attempt: number
  readonly findings: readonly Finding[]
  readonly metrics: readonly Metric[]
  readonly scripts: readonly ScriptRun[]
}
