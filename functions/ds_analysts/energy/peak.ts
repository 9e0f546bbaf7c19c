import { agreementFactor, sampleFactor } from '../../../shared/analysis/confidence.ts'
import { contributors, peaks } from '../../../shared/analysis/energy/peaks.ts'
import { formatMetric } from '../../../shared/analysis/format.ts'
import { sum } from '../../../shared/analysis/numeric.ts'
import type { Finding } from '../../../shared/domain/finding.ts'
import type { Metric } from '../../../shared/domain/metric.ts'
import { sayInstant } from '../../../shared/domain/time/say.ts'
import { checked, confidenceIn, type EnergyContext, evidenceOf, hoursWanted } from './context.ts'
import { powerInWindow } from './power.ts'

const LENGTHS = [60, 30, 15] as const
/** Devices named as what made a peak. */
const NAMED = 2

/** The highest mean power over 15, 30 and 60 minutes, when it was, and which devices made it. */
export function findPeak(context: EnergyContext): Finding | null {
  const { state, ids, zone, data } = context
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
  const from = contributors(
    hour,
    data.devices.filter((d) => d.includedIn === null).map((d) => d.series),
  ).slice(0, NAMED)
  for (const device of from)
    metrics.push(
      state.metric({
        name: 'device_peak_power',
        label: device.name,
        value: device.watts / 1000,
        unit: 'kW',
        window: power.window,
        coverage: power.covered,
        samples: 1,
        bucket: 'hour',
        at: hour.start,
        method: 'contributors.hour.v1',
        entities: [device.id],
      }),
    )
  const named = metrics.filter((metric) => metric.name === 'device_peak_power')
  const made =
    named.length > 0
      ? ` ${2 * sum(named.map((m) => m.value)) > hour.watts / 1000 ? 'Most of it' : 'The largest measured part'} came from ${named.map((m) => `${m.label} (${formatMetric(m)})`).join(' and ')}.`
      : ''
  const coarse =
    power.bucket === 'hour'
      ? ' Only hourly data is kept for this window, so shorter peaks cannot be seen.'
      : ''
  return state.finding({
    analyst: 'energy',
    kind: 'peak',
    title: 'Peak',
    statement: `The highest mean power was ${parts.join(', ')}.${made}${coarse}`,
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
