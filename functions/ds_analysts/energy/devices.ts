import { sampleFactor } from '../../../shared/analysis/confidence.ts'
import { NIGHT_HOURS } from '../../../shared/analysis/constants.ts'
import { deviceShares } from '../../../shared/analysis/energy/devices.ts'
import { consumption } from '../../../shared/analysis/energy/flow.ts'
import { inLocalHours } from '../../../shared/analysis/energy/local-hours.ts'
import { formatMetric } from '../../../shared/analysis/format.ts'
import { coverage, total } from '../../../shared/analysis/series/series.ts'
import type { Finding } from '../../../shared/domain/finding.ts'
import type { Metric } from '../../../shared/domain/metric.ts'
import type { DeviceMeter } from './collect.ts'
import { confidenceIn, type EnergyContext, evidenceOf } from './context.ts'

/** So many devices are named in an answer; all stand in the ledger. */
const NAMED = 5

/** What each device used and its share of the home's use; devices that the question names come first. */
export function findDevices(context: EnergyContext): Finding | null {
  const { state, window, data, flows, covered } = context
  if (data.devices.length === 0) return null
  const series = new Map(data.devices.map((d) => [d.statistic, d.series]))
  const shares = deviceShares(data.devices, series, consumption(flows))
  const metrics: Metric[] = []
  const rows: { readonly name: string; readonly text: string; readonly asked: boolean }[] = []
  for (const device of shares.devices) {
    const base = {
      label: device.name,
      window,
      coverage: coverage(series.get(device.statistic)?.points ?? [], context.span),
      samples: device.samples,
      bucket: 'hour',
      entities: [device.statistic],
    } as const
    const energy = state.metric({
      ...base,
      name: 'device_energy',
      value: device.kwh,
      unit: 'kWh',
      method: 'device_energy.change.v1',
    })
    metrics.push(energy)
    let text = `${device.name} ${formatMetric(energy)}`
    if (device.share !== null) {
      const share = state.metric({
        ...base,
        name: 'device_share',
        value: device.share * 100,
        unit: '%',
        method: 'device_share.consumption.v1',
      })
      metrics.push(share)
      text += ` (${formatMetric(share)})`
    }
    rows.push({ name: device.name, text, asked: isNamed(device.name, state.request.question) })
  }
  if (rows.length === 0) return null
  const asked = rows.filter((row) => row.asked)
  const named = (asked.length > 0 ? asked : rows).slice(0, NAMED)
  let rest = ''
  if (shares.untrackedKwh !== null && asked.length === 0) {
    const untracked = state.metric({
      name: 'untracked_energy',
      value: shares.untrackedKwh,
      unit: 'kWh',
      window,
      coverage: covered,
      samples: context.used.length,
      bucket: 'hour',
      method: 'untracked.roots.v1',
      entities: context.ids,
    })
    metrics.push(untracked)
    rest = shares.doubleCounting
      ? ' The devices add up to more than the home used, so some are counted twice.'
      : ` ${formatMetric(untracked)} are not measured by any device.`
  }
  const silent = shares.silent.length > 0 ? ` No data came from ${shares.silent.join(', ')}.` : ''
  return state.finding({
    analyst: 'energy',
    kind: 'devices',
    title: 'Devices',
    statement: `By device: ${named.map((row) => row.text).join(', ')}.${rest}${silent}`,
    confidence: confidenceIn(context, covered, sampleFactor(context.used.length, 24, 'hours')),
    metricIds: metrics.map((metric) => metric.id),
    entities: data.devices.map((d) => d.statistic),
    evidence: evidenceOf(metrics, context),
  })
}

/** Which devices use most at night (22:00 to 06:00 local). */
export function findNight(context: EnergyContext): Finding | null {
  const { state, window, zone, used, ids, covered } = context
  const nightly = inLocalHours(used, zone, NIGHT_HOURS.from, NIGHT_HOURS.to)
  const kwh = total(nightly)
  if (kwh === null) return null
  const base = {
    window,
    unit: 'kWh',
    bucket: 'hour',
    method: `night_${NIGHT_HOURS.from}_${NIGHT_HOURS.to}.hour.v1`,
  } as const
  const whole = state.metric({
    ...base,
    name: 'night_energy',
    value: kwh,
    coverage: covered,
    samples: nightly.length,
    entities: ids,
  })
  const devices = context.data.devices
    .filter((device) => !isCircuit(device, context.data.devices))
    .map((device) => ({
      device,
      points: inLocalHours(device.series.points, zone, NIGHT_HOURS.from, NIGHT_HOURS.to),
    }))
    .map(({ device, points }) => ({ device, points, kwh: total(points) ?? 0 }))
    .filter((row) => row.kwh > 0)
    .toSorted((a, b) => b.kwh - a.kwh)
  const metrics = devices.map(({ device, points, kwh: value }) =>
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
  const list = metrics.slice(0, NAMED).map((metric) => `${metric.label} ${formatMetric(metric)}`)
  const top = metrics[0]
  const lead = top
    ? `${top.label} uses most at night (22:00 to 06:00): ${formatMetric(top)}`
    : 'No device is measured at night'
  const others = list.length > 1 ? `, then ${list.slice(1).join(', ')}` : ''
  return state.finding({
    analyst: 'energy',
    kind: 'night',
    title: 'At night',
    statement: `${lead}${others}. The whole home used ${formatMetric(whole)} at night.`,
    confidence: confidenceIn(context, covered, sampleFactor(nightly.length, 8, 'night hours')),
    metricIds: [whole.id, ...metrics.map((metric) => metric.id)],
    entities: devices.map((row) => row.device.statistic),
    evidence: evidenceOf([whole, ...metrics], context),
  })
}

/** True for a meter that holds other devices: at night its parts are named, not the sum. */
function isCircuit(device: DeviceMeter, all: readonly DeviceMeter[]): boolean {
  return all.some((other) => other.includedIn === device.statistic)
}

/** Words that stand in many device names and tell none apart. */
const COMMON = new Set([
  'room',
  'circuit',
  'plug',
  'power',
  'energy',
  'meter',
  'machine',
  'device',
  'the',
  'and',
])

/** True when a word of the question is one of those that tell the device apart. */
function isNamed(name: string, question: string): boolean {
  const asked = new Set(wordsOf(question))
  return wordsOf(name).some((word) => !COMMON.has(word) && asked.has(word))
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\d]{2,}/gu) ?? []
}
