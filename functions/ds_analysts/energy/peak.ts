import { agreementFactor, sampleFactor } from '../../../shared/analysis/confidence.ts'
import { peaks } from '../../../shared/analysis/energy/peaks.ts'
import { formatMetric } from '../../../shared/analysis/format.ts'
import type { Finding } from '../../../shared/domain/finding.ts'
import type { Metric } from '../../../shared/domain/metric.ts'
import { sayInstant } from '../../../shared/domain/time/say.ts'
import { checked, confidenceIn, type EnergyContext, evidenceOf, hoursWanted } from './context.ts'
import { madeBy } from './made-by.ts'
import { powerInWindow } from './power.ts'

const LENGTHS = [60, 30, 15] as const

/** The highest mean power over 15, 30 and 60 minutes, when it was, and which devices made it. */
export function findPeak(context: EnergyContext): Finding | null {
  const { state, ids, zone } = context
  const power = powerInWindow(context)
  const metrics: Metric[] = []
  const parts: string[] = []
  for (const minutes of LENGTHS) {
    const top = peaks(power.points, minutes, 1)[0]
    if (!top) continue
    const metric = state.metric({
      name: `peak_power_${minutes}m`,
      value: top.watts / 1000,
      unit: 'kW',
      window: power.window,
      coverage: power.covered,
      samples: power.points.length,
      bucket: power.bucket,
      at: top.start,
      method: `peak.rolling_${minutes}m.${power.bucket}.v1`,
      entities: ids,
    })
    metrics.push(metric)
    parts.push(`${formatMetric(metric)} over ${minutes} minutes from ${sayInstant(top.start, zone)}`)
  }
  const hour = peaks(power.points, 60, 1)[0]
  if (!hour || metrics.length === 0) return null
  const made = madeBy(hour, hour.watts, power.window, context)
  metrics.push(...made.metrics)
  const coarse =
    power.bucket === 'hour'
      ? ' Only hourly data is kept for this window, so shorter peaks cannot be seen.'
      : ''
  return state.finding({
    analyst: 'energy',
    kind: 'peak',
    title: 'Peak',
    statement: `The highest mean power was ${parts.join(', ')}.${made.text}${coarse}`,
    confidence: confidenceIn(
      context,
      power.covered,
      sampleFactor(power.points.length, hoursWanted(context), 'buckets'),
      agreementFactor(
        hour.watts / 1000,
        checked(context, 'peak_60m_kw'),
        0.05,
        'an independent estimate of the highest hour',
      ),
    ),
    metricIds: metrics.map((metric) => metric.id),
    entities: ids,
    evidence: evidenceOf(metrics, context, 'peak_60m_kw', 'peak_60m_start'),
  })
}
