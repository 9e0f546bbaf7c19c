import { confidenceOf, recordsFactor, sampleFactor } from '../../../shared/analysis/confidence.ts'
import { DRIFT_WEEKS } from '../../../shared/analysis/constants.ts'
import { formatMetric } from '../../../shared/analysis/format.ts'
import type { MetricName } from '../../../shared/analysis/metric-names.ts'
import type { Finding } from '../../../shared/domain/finding.ts'
import type { Metric } from '../../../shared/domain/metric.ts'
import { isNamed } from '../energy/named-device.ts'
import type { DiagnosticContext } from './context.ts'
import type { DeviceDrift } from './device-drifts.ts'

/** Devices told of at most. */
const NAMED = 3

/** How the devices that the question names drift, whether their use rises or not. */
export function findAskedDrift(context: DiagnosticContext): Finding | null {
  return tell(context.drifts.filter(isAsked(context)), context)
}

/** Other devices that run all the time and use more from week to week, as one that cools and is failing does. */
export function findOtherDrift(context: DiagnosticContext): Finding | null {
  const asked = isAsked(context)
  return tell(
    context.drifts.filter((each) => each.drift.isRising && !asked(each)),
    context,
  )
}

const isAsked =
  ({ state }: DiagnosticContext) =>
  ({ name }: DeviceDrift) =>
    isNamed(name, state.request.question)

function tell(drifts: readonly DeviceDrift[], context: DiagnosticContext): Finding | null {
  const { state } = context
  const told = drifts.slice(0, NAMED)
  if (told.length === 0) return null
  const said = told.map((each) => sayDrift(each, context))
  const metrics = said.flatMap((each) => each.metrics)
  return state.finding({
    analyst: 'diagnostic',
    kind: 'availability',
    title: 'Drift of devices',
    statement: said.map(({ text }) => text).join(' '),
    confidence: confidenceOf([
      sampleFactor(Math.min(...told.map(({ drift }) => drift.weeks)), DRIFT_WEEKS, 'weeks'),
      recordsFactor(),
    ]),
    metricIds: metrics.map((metric) => metric.id),
    entities: told.map(({ statistic }) => statistic),
    evidence: metrics.map((metric) => ({ kind: 'metric', metricId: metric.id })),
  })
}

function sayDrift(
  { name, statistic, drift, start, end }: DeviceDrift,
  { state, zone }: DiagnosticContext,
): { readonly text: string; readonly metrics: readonly Metric[] } {
  const metric = (metricName: MetricName, value: number, unit: 'kWh' | '%') =>
    state.metric({
      name: metricName,
      label: name,
      value,
      unit,
      window: { start: new Date(start).toISOString(), end: new Date(end).toISOString(), timeZone: zone },
      coverage: drift.weeks / DRIFT_WEEKS,
      samples: drift.weeks,
      bucket: 'hour',
      method: 'drift.weekly_line.v1',
      entities: [statistic],
    })
  const share = (perWeek: number) => (100 * perWeek * (DRIFT_WEEKS - 1)) / drift.first
  const first = metric('drift_first', drift.first, 'kWh')
  const last = metric('drift_last', drift.last, 'kWh')
  const change = metric('drift_change', share(drift.perWeek), '%')
  const low = metric('drift_low', share(drift.low), '%')
  const high = metric('drift_high', share(drift.high), '%')
  const metrics = [first, last, change, low, high]
  const text = drift.isRising
    ? `${name} uses more from week to week: ${formatMetric(first)} a day ${DRIFT_WEEKS} weeks ago, ${formatMetric(last)} now, ${formatMetric(change)} more (${formatMetric(low)} to ${formatMetric(high)} by the scatter of the weeks). A device that runs all the time and needs ever more may be failing: check seals, dust and ice of one that cools.`
    : `${name} shows no steady rise in its energy use over ${DRIFT_WEEKS} weeks (${formatMetric(first)} a day then, ${formatMetric(last)} now), so that speaks for no fault.`
  return { text, metrics }
}
