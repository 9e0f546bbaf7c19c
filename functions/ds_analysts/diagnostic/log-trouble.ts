import { confidenceOf, recordsFactor } from '../../../shared/analysis/confidence.ts'
import { triageLog } from '../../../shared/analysis/diagnostics/log-triage.ts'
import type { Finding } from '../../../shared/domain/finding.ts'
import type { DiagnosticContext } from './context.ts'

const NAMED = 3

/** The loggers that complain most, by count, and open repairs. Log text is somebody's words: it is counted, not quoted. */
export function findLogTrouble(context: DiagnosticContext): Finding | null {
  const { state, window, errorLog, repairs } = context
  const groups = triageLog(errorLog)
    .toSorted((a, b) => b.count - a.count)
    .slice(0, NAMED)
  if (groups.length === 0 && repairs.length === 0) return null
  const metrics = groups.map((group) =>
    state.metric({
      name: 'log_count',
      label: group.logger,
      value: group.count,
      unit: 'count',
      window,
      coverage: 1,
      samples: group.count,
      method: 'log_triage.v1',
    }),
  )
  const logs =
    metrics.length > 0
      ? [
          `The error log repeats itself most for ${metrics.map((m) => `${m.label} (${m.value} times)`).join(', ')}.`,
        ]
      : []
  const open =
    repairs.length > 0 ? [`Open repairs: ${repairs.map((repair) => repair.title).join(', ')}.`] : []
  return state.finding({
    analyst: 'diagnostic',
    kind: 'log',
    title: 'Log and repairs',
    statement: [...logs, ...open].join(' '),
    confidence: confidenceOf([recordsFactor()]),
    metricIds: metrics.map((metric) => metric.id),
    entities: [],
    evidence: metrics.map((metric) => ({ kind: 'metric', metricId: metric.id })),
  })
}
