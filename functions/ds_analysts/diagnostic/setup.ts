import { confidenceOf, recordsFactor } from '../../../shared/analysis/confidence.ts'
import { sayIssue } from '../../../shared/analysis/diagnostics/setup-issues.ts'
import type { Finding } from '../../../shared/domain/finding.ts'
import type { DiagnosticContext } from './context.ts'

const NAMED = 8

/** What the home itself finds wrong with its statistics and energy settings: figures made of these would be wrong or missing. */
export function findSetup(context: DiagnosticContext): Finding | null {
  const { state, window, setupIssues, nameOf } = context
  if (setupIssues.length === 0) return null
  const about = [...new Set(setupIssues.map((issue) => issue.about))]
  const count = state.metric({
    name: 'setup_issue_count',
    value: setupIssues.length,
    unit: 'count',
    window,
    coverage: 1,
    samples: setupIssues.length,
    method: 'setup.v1',
    entities: about,
  })
  const named = setupIssues.slice(0, NAMED).map((issue) => sayIssue(issue, nameOf(issue.about)))
  const more = setupIssues.length > NAMED ? '; and there are more' : ''
  return state.finding({
    analyst: 'diagnostic',
    kind: 'availability',
    title: 'Set-up of statistics and energy',
    statement: `The home finds ${count.value === 1 ? '1 thing' : `${count.value} things`} wrong with its statistics and energy settings: ${named.join('; ')}${more}.`,
    confidence: confidenceOf([recordsFactor()]),
    metricIds: [count.id],
    entities: about,
    evidence: [{ kind: 'metric', metricId: count.id }],
  })
}
