import { sampleFactor } from '../../../shared/analysis/confidence.ts'
import { deviceShares } from '../../../shared/analysis/energy/devices.ts'
import { consumption } from '../../../shared/analysis/energy/flow.ts'
import { formatMetric } from '../../../shared/analysis/format.ts'
import { sum } from '../../../shared/analysis/numeric.ts'
import { coverage } from '../../../shared/analysis/series/series.ts'
import { costOf } from '../../../shared/analysis/tariff/cost.ts'
import type { Finding } from '../../../shared/domain/finding.ts'
import type { Metric } from '../../../shared/domain/metric.ts'
import { confidenceIn, type EnergyContext, evidenceOf, hoursWanted, sourceCheck, wants } from './context.ts'
import { isNamed } from './named-device.ts'

/** So many devices are named in an answer; all stand in the ledger. */
const NAMED = 5

/** What each device used and its share of the home's use; devices that the question names come first. */
export function findDevices(context: EnergyContext): Finding | null {
  const { state, window, data, flows, covered } = context
  if (data.devices.length === 0) return null
  const series = new Map(data.devices.map((d) => [d.statistic, d.series]))
  const shares = deviceShares(data.devices, series, consumption(flows))
  const metrics: Metric[] = []
  const rows: { readonly text: string; readonly alone: string; readonly asked: boolean }[] = []
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
      text += ` (${formatMetric(share)})`
      alone += `, ${formatMetric(share)} of the home's use`
    }
    const asked = isNamed(device.name, state.request.question)
    const cost = asked && wants(context, 'cost') ? costOfDevice(device.statistic, context) : null
    if (cost) {
      const money = state.metric({
        ...base,
        ...cost,
        name: 'device_cost',
        method: 'device_cost.as_import.hour.v1',
      })
      metrics.push(money)
      alone += `, worth ${formatMetric(money)} at the prices of those hours if all of it was bought from the grid`
    }
    rows.push({ text, alone, asked })
  }
  if (rows.length === 0) return null
  const asked = rows.filter((row) => row.asked)
  const said =
    asked.length > 0
      ? asked.slice(0, NAMED).map((row) => `${row.alone}.`)
      : [
          `By device: ${rows
            .slice(0, NAMED)
            .map((row) => row.text)
            .join(', ')}.`,
        ]
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
    statement: `${said.join(' ')}${rest}${silent}`,
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

/** What a device's energy would cost at the tariff of its hours, all of it taken as bought; null without prices. */
function costOfDevice(
  statistic: string,
  { data, zone }: EnergyContext,
): { readonly value: number; readonly unit: string } | null {
  const { tariff, prices, devices } = data
  const points = devices.find((device) => device.statistic === statistic)?.series.points ?? []
  if (!tariff || points.length === 0) return null
  const { byBand } = costOf(points, [], tariff, zone, prices.length > 0 ? { prices } : {})
  return byBand.length > 0 ? { value: sum(byBand.map((band) => band.cost)), unit: tariff.currency } : null
}
