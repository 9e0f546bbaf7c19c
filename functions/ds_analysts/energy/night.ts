import { sampleFactor } from '../../../shared/analysis/confidence.ts'
import { HOUR_MS, NIGHT_HOURS } from '../../../shared/analysis/constants.ts'
import { inLocalHours } from '../../../shared/analysis/energy/local-hours.ts'
import { formatMetric } from '../../../shared/analysis/format.ts'
import { sum } from '../../../shared/analysis/numeric.ts'
import { coverage, total } from '../../../shared/analysis/series/series.ts'
import type { Finding } from '../../../shared/domain/finding.ts'
import { confidenceIn, type EnergyContext, evidenceOf, sourceCheck } from './context.ts'
import { singleDevices } from './named-device.ts'

/** So many devices are named in an answer; all stand in the ledger. */
const NAMED = 5

/** What the home uses at night (22:00 to 06:00 local), and which devices use most of it: first what the question asks. */
export function findNight(context: EnergyContext): Finding | null {
  const { state, window, zone, used, ids, covered } = context
  const nightly = inLocalHours(used, zone, NIGHT_HOURS.from, NIGHT_HOURS.to)
  const kwh = total(nightly)
  if (kwh === null) return null
  const hours = sum(nightly.map(({ start, end }) => (end - start) / HOUR_MS))
  const base = {
    window,
    unit: 'kWh',
    bucket: 'hour',
    method: `night_${NIGHT_HOURS.from}_${NIGHT_HOURS.to}.hour.v1`,
  } as const
  const home = { ...base, coverage: covered, samples: nightly.length, entities: ids }
  const whole = state.metric({ ...home, name: 'night_energy', value: kwh })
  const power = state.metric({ ...home, name: 'night_power', value: (kwh / hours) * 1000, unit: 'W' })
  const devices = singleDevices(context.data.devices)
    .map((device) => ({
      device,
      points: inLocalHours(device.series.points, zone, NIGHT_HOURS.from, NIGHT_HOURS.to),
    }))
    .map(({ device, points }) => ({ device, points, kwh: total(points) ?? 0 }))
    .filter((row) => row.kwh > 0)
    .toSorted((a, b) => b.kwh - a.kwh)
  const byDevice = devices.map(({ device, points, kwh: value }) =>
    state.metric({
      ...base,
      name: 'device_night_energy',
      label: device.name,
      value,
      coverage: coverage(device.series.points, context.span),
      samples: points.length,
      entities: [device.statistic],
    }),
  )
  const asksDevices = state.request.focus.includes('devices')
  const clock = `(${NIGHT_HOURS.from}:00 to 0${NIGHT_HOURS.to}:00)`
  const [top, ...others] = byDevice.slice(0, NAMED)
  const rest = others.map((m, i) => `,${i === 0 ? ' then' : ''} ${m.label} ${formatMetric(m)}`).join('')
  const amount = `the home used ${formatMetric(whole)}, ${formatMetric(power)} on average`
  const most = top ? `${top.label} used most: ${formatMetric(top)}${rest}` : 'no device is measured'
  const statement = asksDevices
    ? `At night ${clock} ${most}. In all ${amount}.`
    : `At night ${clock} ${amount}.${top ? ` Of the measured devices ${most}.` : ''}`
  const metrics = [whole, power, ...byDevice]
  return state.finding({
    analyst: 'energy',
    kind: 'night',
    title: 'At night',
    statement,
    confidence: confidenceIn(
      context,
      covered,
      sampleFactor(nightly.length, 8, 'night hours'),
      sourceCheck(context),
    ),
    metricIds: metrics.map((metric) => metric.id),
    entities: devices.map((row) => row.device.statistic),
    evidence: evidenceOf(metrics, context),
  })
}
