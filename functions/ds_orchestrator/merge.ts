import type { Focus } from '../../shared/domain/analysis.ts'
import type { Finding } from '../../shared/domain/finding.ts'
import type { Metric } from '../../shared/domain/metric.ts'
import { ANALYSTS } from '../../shared/domain/names.ts'

/** Relative difference above which two values of one thing contradict each other. */
const TOLERANCE = 0.02

export interface Conflict {
  readonly kept: Metric
  readonly dropped: Metric
  readonly losers: readonly string[]
}

export interface Merged {
  /** Ranked: what the question is after first, then by analyst, then the surer ones. */
  readonly findings: readonly Finding[]
  readonly conflicts: readonly Conflict[]
}

/** What qualifies the figures about energy comes after them, unless it is what was asked. */
const qualifies = ({ analyst, kind }: Finding) => analyst === 'energy' && kind === 'quality'

/** Focus order first, so that the answer opens with what was asked. */
function rankOf(finding: Finding, focus: readonly Focus[]): number {
  const asked = (focus as readonly string[]).indexOf(finding.kind)
  const last = qualifies(finding) ? focus.length + 1 : focus.length
  return (asked === -1 ? last : asked) * 10 + ANALYSTS.indexOf(finding.analyst)
}

/** Steps of confidence that matter for the order; among findings that are sure enough the analysts' own order stays. */
const surenessOf = (finding: Finding) => Math.min(4, Math.floor(finding.confidence.value * 5))

const subjectOf = (metric: Metric) =>
  `${metric.name}|${metric.label ?? ''}|${metric.window.start}|${metric.window.end}|${metric.unit}`

/**
 * Ranks the findings and resolves contradictions: where findings of two analysts rest on different values of the same
 * metric (name, label, window), the surer one stays and the other is taken out, named in `conflicts`.
 */
export function merge(
  findings: readonly Finding[],
  metrics: readonly Metric[],
  focus: readonly Focus[],
): Merged {
  const metricById = new Map(metrics.map((metric) => [metric.id, metric]))
  const bySubject = new Map<string, { finding: Finding; metric: Metric }>()
  const conflicts: Conflict[] = []
  const dropped = new Set<string>()
  for (const finding of findings.toSorted((a, b) => b.confidence.value - a.confidence.value)) {
    for (const id of finding.metricIds) {
      const metric = metricById.get(id)
      if (!metric) continue
      const subject = subjectOf(metric)
      const surer = bySubject.get(subject)
      if (!surer) bySubject.set(subject, { finding, metric })
      else if (surer.finding.analyst !== finding.analyst && differ(surer.metric.value, metric.value)) {
        dropped.add(finding.id)
        conflicts.push({ kept: surer.metric, dropped: metric, losers: [finding.title] })
      }
    }
  }
  const kept = findings.filter((finding) => !dropped.has(finding.id))
  const ranked = kept.toSorted((a, b) => rankOf(a, focus) - rankOf(b, focus) || surenessOf(b) - surenessOf(a))
  return { findings: ranked, conflicts }
}

function differ(a: number, b: number): boolean {
  return Math.abs(a - b) > TOLERANCE * Math.max(Math.abs(a), Math.abs(b))
}
