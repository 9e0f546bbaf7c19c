import { sampleFactor } from '../../../shared/analysis/confidence.ts'
import { ANOMALY_SAMPLES } from '../../../shared/analysis/constants.ts'
import { describeAnomaly, findAnomalies } from '../../../shared/analysis/energy/anomaly.ts'
import { consumptionPoints } from '../../../shared/analysis/energy/flow.ts'
import type { Finding } from '../../../shared/domain/finding.ts'
import { sayInstant } from '../../../shared/domain/time/say.ts'
import { confidenceIn, type EnergyContext, evidenceOf, flowsOf, sourceCheck } from './context.ts'
import { madeBy } from './made-by.ts'

/** Hours far from what is usual for their day and hour. */
export function findAnomaly(context: EnergyContext): Finding | null {
  const { state, window, used, zone, covered, ids, data } = context
  const history = consumptionPoints(flowsOf(data.long))
  const anomalies = findAnomalies(used, history, zone)
  const base = {
    window,
    coverage: covered,
    samples: history.length,
    bucket: 'hour',
    entities: ids,
    method: 'anomaly.robust_z.v1',
  } as const
  const count = state.metric({ ...base, name: 'anomaly_count', value: anomalies.length, unit: 'count' })
  const top = anomalies.toSorted((a, b) => Math.abs(b.z) - Math.abs(a.z))[0]
  const metrics = [count]
  const isMore = top !== undefined && top.value > top.usual
  // Energy of an hour in kWh is its mean power in kW.
  const made = top && isMore ? madeBy(top, top.value * 1000, window, context) : null
  metrics.push(...(made?.metrics ?? []))
  if (top) {
    metrics.push(
      state.metric({ ...base, name: 'anomaly_value', value: top.value, unit: 'kWh', at: top.start }),
    )
    metrics.push(
      state.metric({ ...base, name: 'anomaly_usual', value: top.usual, unit: 'kWh', at: top.start }),
    )
    if (top.fraction !== null)
      metrics.push(
        state.metric({
          ...base,
          name: 'anomaly_change',
          value: top.fraction * 100,
          unit: '%',
          at: top.start,
        }),
      )
    metrics.push(
      state.metric({ ...base, name: 'anomaly_length', value: top.hours, unit: 'h', at: top.start }),
    )
  }
  return state.finding({
    analyst: 'energy',
    kind: 'anomaly',
    title: 'Unusual hours',
    statement:
      history.length < ANOMALY_SAMPLES
        ? `What is usual cannot be told from ${history.length} hours.`
        : top
          ? `${count.value} ${count.value === 1 ? 'stretch of time was' : 'stretches of time were'} unusual; the most unusual began ${sayInstant(top.start, zone)}: ${describeAnomaly(top, 'kWh', ' an hour')}.${made?.text ?? ''}`
          : 'Nothing unusual: no hour was far from what is usual for its day and time.',
    confidence: confidenceIn(
      context,
      covered,
      sampleFactor(history.length, 24 * 7, 'hours'),
      sourceCheck(context),
    ),
    metricIds: metrics.map((metric) => metric.id),
    entities: ids,
    evidence: evidenceOf(metrics, context),
  })
}
