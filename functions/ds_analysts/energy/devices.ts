import { sampleFactor } from '../../../shared/analysis/confidence.ts'
import { type DeviceShare, deviceShares } from '../../../shared/analysis/energy/devices.ts'
import { consumption } from '../../../shared/analysis/energy/flow.ts'
import { formatMetric } from '../../../shared/analysis/format.ts'
import { sum } from '../../../shared/analysis/numeric.ts'
import { coverage, type Point } from '../../../shared/analysis/series/series.ts'
import { costOf } from '../../../shared/analysis/tariff/cost.ts'
import type { Finding } from '../../../shared/domain/finding.ts'
import type { Metric } from '../../../shared/domain/metric.ts'
import { deviceIn } from '../../../shared/llm/offline/topics.ts'
import { confidenceIn, type EnergyContext, evidenceOf, hoursWanted, sourceCheck } from './context.ts'
import { dearHours } from './dear-hours.ts'
import { isNamed } from './named-device.ts'

/** So many devices are named in an answer; all stand in the ledger. */
const NAMED = 5

interface Row {
  readonly name: string
  /** Energy, share and price. */
  readonly amount: string
  /** As a sentence of its own, without the full stop. */
  readonly alone: string
  readonly asked: boolean
  readonly cost: number
  readonly metrics: readonly Metric[]
}

/** What each device used and its share of the home's use; devices that the question names come first. */
export function findDevices(context: EnergyContext): Finding | null {
  const { state, window, data, flows, covered } = context
  if (data.devices.length === 0) return null
  const series = new Map(data.devices.map((d) => [d.statistic, d.series]))
  const shares = deviceShares(data.devices, series, consumption(flows))
  const rows = shares.devices.map((device) =>
    rowOf(device, series.get(device.statistic)?.points ?? [], context),
  )
  const metrics = rows.flatMap((row) => row.metrics)
  if (rows.length === 0) return null
  const asked = rows.filter((row) => row.asked)
  const unknown = asked.length === 0 ? deviceIn(state.request.question) : null
  const aboutMoney = rows.some((row) => row.cost > 0)
  const said =
    asked.length > 0
      ? asked.slice(0, NAMED).map((row) => `${row.alone}.`)
      : [ranking(aboutMoney ? rows.toSorted((a, b) => b.cost - a.cost) : rows, aboutMoney ? 'cost' : 'used')]
  if (unknown) said.unshift(`No device meter here goes by the name “${unknown}”.`)
  if (aboutMoney) {
    const among = data.devices.filter(
      ({ name }) => asked.length === 0 || isNamed(name, state.request.question),
    )
    const dear = dearHours(context, among)
    metrics.push(...dear.metrics)
    if (asked.length === 0) said.push('Each is priced as if all of it had been bought from the grid.')
    said.push(dear.text)
  }
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
      : ` ${formatMetric(untracked)} were not measured by any device meter.`
  }
  const silent = shares.silent.length > 0 ? ` No data came from ${shares.silent.join(', ')}.` : ''
  return state.finding({
    analyst: 'energy',
    kind: 'devices',
    title: 'Devices',
    statement: `${said.filter(Boolean).join(' ')}${rest}${silent}`,
    confidence: confidenceIn(
      context,
      covered,
      sampleFactor(context.used.length, hoursWanted(context), 'hours'),
      sourceCheck(context),
    ),
    metricIds: metrics.map((metric) => metric.id),
    entities: data.devices.map((d) => d.statistic),
    evidence: evidenceOf(metrics, context),
  })
}

/** What is known of one device. */
function rowOf(device: DeviceShare, points: readonly Point[], context: EnergyContext): Row {
  const { state, window, span } = context
  const base = {
    label: device.name,
    window,
    coverage: coverage(points, span),
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
  const metrics: Metric[] = [energy]
  const about: string[] = []
  let alone = `${device.name} used ${formatMetric(energy)}`
  if (device.share !== null) {
    const share = state.metric({
      ...base,
      name: 'device_share',
      value: device.share * 100,
      unit: '%',
      method: 'device_share.consumption.v1',
    })
    metrics.push(share)
    about.push(formatMetric(share))
    alone += `, ${formatMetric(share)} of the home's use`
  }
  // Beside a question about money only: prices of all devices would swell every overview.
  const cost = state.request.focus.includes('cost') ? costOfDevice(points, context) : null
  if (cost) {
    const money = state.metric({
      ...base,
      ...cost,
      name: 'device_cost',
      method: 'device_cost.as_import.hour.v1',
    })
    metrics.push(money)
    about.push(formatMetric(money))
    alone += `, worth ${formatMetric(money)} at the prices of those hours if all of it was bought from the grid`
  }
  return {
    name: device.name,
    amount: `${formatMetric(energy)}${about.length > 0 ? ` (${about.join(', ')})` : ''}`,
    alone,
    asked: isNamed(device.name, state.request.question),
    cost: cost?.value ?? 0,
    metrics,
  }
}

/** The first few, the first of them as the answer to what takes most. */
function ranking(rows: readonly Row[], verb: string): string {
  const [first, ...others] = rows.slice(0, NAMED)
  const rest =
    others.length > 0 ? `, then ${others.map(({ name, amount }) => `${name} ${amount}`).join(', ')}` : ''
  return `${first?.name} ${verb} most: ${first?.amount}${rest}.`
}

/** What a device's energy would cost at the tariff of its hours, all of it taken as bought; null without prices. */
function costOfDevice(
  points: readonly Point[],
  { data, zone }: EnergyContext,
): { readonly value: number; readonly unit: string } | null {
  const { tariff, prices } = data
  if (!tariff || points.length === 0) return null
  const { byBand } = costOf(points, [], tariff, zone, prices.length > 0 ? { prices } : {})
  return byBand.length > 0 ? { value: sum(byBand.map((band) => band.cost)), unit: tariff.currency } : null
}
