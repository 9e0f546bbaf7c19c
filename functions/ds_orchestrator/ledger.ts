import type { ScriptRun } from '../../shared/domain/analysis.ts'
import type { Factor, Finding } from '../../shared/domain/finding.ts'
import type { HomeInfo } from '../../shared/domain/home.ts'
import type { Metric } from '../../shared/domain/metric.ts'
import { sayWindow } from '../../shared/domain/time/say.ts'
import type { TimeWindow } from '../../shared/domain/window.ts'
import type { Conflict } from './merge.ts'
import type { Plan } from './plan.ts'

/** Everything an answer may say: what is not in here is not said. */
export interface Ledger {
  readonly question: string
  readonly brief: boolean
  readonly home: HomeInfo
  readonly window: TimeWindow & { readonly local: string }
  readonly compare: (TimeWindow & { readonly local: string }) | null
  readonly findings: readonly Finding[]
  readonly metrics: readonly Metric[]
  readonly confidence: {
    readonly value: number
    readonly weakest: string | null
    readonly reason: string | null
  }
  readonly caveats: readonly string[]
}

export interface LedgerParts {
  readonly question: string
  readonly brief: boolean
  readonly info: HomeInfo
  readonly plan: Plan
  readonly findings: readonly Finding[]
  readonly metrics: readonly Metric[]
  readonly scripts: readonly ScriptRun[]
  readonly conflicts: readonly Conflict[]
  readonly confidence: {
    readonly value: number
    readonly finding: Finding | null
    readonly factor: Factor | null
  }
  readonly offlineModel: boolean
  /** Sentences about things that went wrong on the way. */
  readonly troubles: readonly string[]
}

/** Puts together what the prose may draw from; metrics that no kept finding rests on stay out. */
export function buildLedger(parts: LedgerParts): Ledger {
  const used = new Set(parts.findings.flatMap((finding) => finding.metricIds))
  const { window, compare } = parts.plan
  return {
    question: parts.question,
    brief: parts.brief,
    home: parts.info,
    window: { ...window, local: sayWindow(window) },
    compare: compare && { ...compare, local: sayWindow(compare) },
    findings: parts.findings,
    metrics: parts.metrics.filter((metric) => used.has(metric.id)),
    confidence: {
      value: parts.confidence.value,
      weakest:
        parts.confidence.factor && parts.confidence.factor.value < 1 ? parts.confidence.factor.name : null,
      reason:
        parts.confidence.factor && parts.confidence.factor.value < 1 ? parts.confidence.factor.reason : null,
    },
    caveats: caveatsOf(parts),
  }
}

/**
 * The ledger as a model reads it: what prose can use, without ids and methods. A home with many devices would else fill
 * the context of a small model.
 */
export function forPrompt(ledger: Ledger): Record<string, unknown> {
  const { home } = ledger
  return {
    ...ledger,
    home: {
      name: home.name,
      source: home.source,
      timeZone: home.timeZone,
      currency: home.currency,
      now: home.now,
    },
    findings: ledger.findings.map(({ analyst, kind, title, statement, confidence }) => ({
      analyst,
      kind,
      title,
      statement,
      confidence: Math.round(confidence.value * 100) / 100,
    })),
    metrics: ledger.metrics.map(({ name, label, value, unit, local }) => ({
      name,
      ...(label === null ? {} : { label }),
      value: Number(value.toPrecision(6)),
      unit,
      ...(local === null ? {} : { local }),
    })),
  }
}

function caveatsOf(parts: LedgerParts): string[] {
  const caveats = [...parts.info.notes, ...parts.plan.notes]
  if (parts.offlineModel)
    caveats.push('The built-in offline model worded this answer; the figures come from tested metrics.')
  if (parts.scripts.some((script) => script.exitClass === 'unavailable'))
    caveats.push('There is no gVisor sandbox here, so no script checked these figures independently.')
  for (const script of failedLast(parts.scripts))
    caveats.push(
      `The ${script.analyst} analyst's check script failed (${script.errorClass ?? script.exitClass}), so its check is missing.`,
    )
  for (const conflict of parts.conflicts)
    caveats.push(
      `Two analysts disagreed about ${conflict.kept.name.replaceAll('_', ' ')}; the better supported value is given.`,
    )
  return [...new Set([...caveats, ...parts.troubles])]
}

/** The last script of each analyst, where it failed. */
function failedLast(scripts: readonly ScriptRun[]): ScriptRun[] {
  const last = new Map(scripts.map((script) => [script.analyst, script]))
  return [...last.values()].filter(
    (script) => script.exitClass !== 'ok' && script.exitClass !== 'unavailable',
  )
}
