import { confidenceOf, recordsFactor } from '../../../shared/analysis/confidence.ts'
import type { Finding } from '../../../shared/domain/finding.ts'
import { sayInstant } from '../../../shared/domain/time/say.ts'
import type { DiagnosticContext } from './context.ts'

/** Automations whose runs failed. The home's error text is somebody's words: it is looked for, not quoted. */
export function findFailedRuns(context: DiagnosticContext): Finding | null {
  const { state, window, failedRuns, nameOf, zone } = context
  if (failedRuns.length === 0) return null
  const rows = failedRuns.map(({ last, count, place }) => {
    const metric = state.metric({
      name: 'failed_run_count',
      label: nameOf(last.entityId),
      value: count,
      unit: 'count',
      window,
      coverage: 1,
      samples: count,
      method: 'failed_runs.v1',
      entities: [last.entityId],
    })
    const where = place === null ? '' : ` at its ${place}`
    const times = count === 1 ? 'once' : `${count} times`
    return {
      metric,
      said: `"${nameOf(last.entityId)}" failed ${times}, last on ${sayInstant(last.at, zone)}${where}`,
    }
  })
  return state.finding({
    analyst: 'diagnostic',
    kind: 'automations',
    title: 'Automations that failed',
    statement: `Of the runs that the home still knows: ${rows.map((row) => row.said).join('; ')}.`,
    confidence: confidenceOf([recordsFactor()]),
    metricIds: rows.map((row) => row.metric.id),
    entities: failedRuns.map((row) => row.last.entityId),
    evidence: rows.map((row) => ({ kind: 'metric', metricId: row.metric.id })),
  })
}
