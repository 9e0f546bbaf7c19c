import { checkProse, removeUnmatched } from '../../shared/analysis/provenance.ts'
import type { Delegated } from './tools/tool.ts'

/**
 * Text that a model worded over analyses, without what holds numbers that no metric, tool result or question of the
 * turn holds: what cannot be traced is not said.
 */
export function withCheckedNumbers(
  text: string,
  delegated: readonly Delegated[],
  sources: readonly string[],
): string {
  if (delegated.length === 0) return text
  const analyses = delegated.flatMap((each) => (each.analysis ? [each.analysis] : []))
  const metrics = analyses.flatMap((analysis) => analysis.metrics)
  const { unmatched } = checkProse(text, {
    metrics,
    windows: [...analyses.map((analysis) => analysis.window), ...metrics.map((metric) => metric.window)],
    statements: [
      ...analyses.flatMap((analysis) => analysis.findings.map((finding) => finding.statement)),
      ...delegated.map((each) => each.text),
      ...sources,
    ],
    confidences: analyses.map((analysis) => analysis.confidence),
  })
  return removeUnmatched(text, unmatched)
}
