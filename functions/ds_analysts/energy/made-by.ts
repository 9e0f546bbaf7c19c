import { contributors } from '../../../shared/analysis/energy/peaks.ts'
import { formatMetric } from '../../../shared/analysis/format.ts'
import { sum } from '../../../shared/analysis/numeric.ts'
import { coverage } from '../../../shared/analysis/series/series.ts'
import type { Span } from '../../../shared/domain/home-data.ts'
import type { Metric } from '../../../shared/domain/metric.ts'
import type { TimeWindow } from '../../../shared/domain/window.ts'
import type { EnergyContext } from './context.ts'

/** Devices named as what made a peak. */
const NAMED = 2
/** Less than this share of it made no peak. */
const LEAST_SHARE = 0.05

/** The devices that took most within a span of high use (`watts` on average), with a sentence, empty without any. */
export function madeBy(
  span: Span,
  watts: number,
  window: TimeWindow,
  { state, data }: EnergyContext,
): { readonly metrics: readonly Metric[]; readonly text: string } {
  const roots = data.devices.filter((device) => device.includedIn === null).map((device) => device.series)
  const metrics = contributors(span, roots)
    .filter((device) => device.watts >= LEAST_SHARE * watts)
    .slice(0, NAMED)
    .map((device) =>
      state.metric({
        name: 'device_peak_power',
        label: device.name,
        value: device.watts / 1000,
        unit: 'kW',
        window,
        coverage: coverage(roots.find((root) => root.id === device.id)?.points ?? [], span),
        samples: 1,
        bucket: 'hour',
        at: span.start,
        method: 'contributors.hour.v1',
        entities: [device.id],
      }),
    )
  if (metrics.length === 0) return { metrics, text: '' }
  const most = 2 * sum(metrics.map(({ value }) => value)) > watts / 1000
  const list = metrics.map((metric) => `${metric.label} (${formatMetric(metric)})`).join(' and ')
  return { metrics, text: ` ${most ? 'Most of it' : 'The largest measured part'} came from ${list}.` }
}
