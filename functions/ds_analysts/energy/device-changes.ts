import { type Comparison, compareWindows } from '../../../shared/analysis/energy/compare.ts'
import { formatMetric, formatValue } from '../../../shared/analysis/format.ts'
import { coverage } from '../../../shared/analysis/series/series.ts'
import type { Metric } from '../../../shared/domain/metric.ts'
import type { EnergyContext } from './context.ts'
import { isNamed, singleDevices } from './named-device.ts'

/** Devices named as what made a difference, and the least change (kWh) that is worth a word. */
const NAMED = 3
const LEAST_KWH = 0.1

export interface DeviceChange {
  readonly name: string
  readonly result: Comparison
  readonly now: Metric
  readonly before: Metric
  readonly change: Metric
}

/** What each device used more or less than in the window compared with, by the home's own method; most change first. */
export function deviceChanges(context: EnergyContext, method: Comparison['method']): DeviceChange[] {
  const { data, state, window, zone } = context
  const { compare, otherDevices } = data
  if (!compare) return []
  const others = new Map(otherDevices.map((device) => [device.statistic, device.series.points]))
  const found: DeviceChange[] = []
  for (const { statistic, name, series } of singleDevices(data.devices)) {
    const before = others.get(statistic) ?? []
    const result = compareWindows(
      { points: series.points, span: context.span },
      { points: before, span: compare.span },
      zone,
    )
    if (result?.method !== method) continue
    const base = { label: name, unit: 'kWh', bucket: 'hour', entities: [statistic] } as const
    const here = { ...base, window, coverage: coverage(series.points, context.span) }
    const count = { samples: series.points.length, method: `comparison.${method}.v1` }
    found.push({
      name,
      result,
      now: state.metric({ ...here, ...count, name: 'device_energy', value: result.value }),
      before: state.metric({
        ...base,
        name: 'device_previous',
        value: result.other,
        window: compare.window,
        coverage: coverage(before, compare.span),
        samples: before.length,
        method: count.method,
      }),
      change: state.metric({ ...here, ...count, name: 'device_change', value: result.change }),
    })
  }
  return found.toSorted((a, b) => Math.abs(b.result.change) - Math.abs(a.result.change))
}

/** The devices that changed most, as a sentence, or an empty text. */
export function sayChanges(changes: readonly DeviceChange[]): string {
  const worth = changes.filter(({ result }) => Math.abs(result.change) >= LEAST_KWH).slice(0, NAMED)
  const list = worth.map(
    ({ name, change }) =>
      `${name} ${formatValue(Math.abs(change.value), 'kWh')} ${change.value < 0 ? 'less' : 'more'}`,
  )
  return list.length > 0 ? `Among the measured devices these changed most: ${list.join(', ')}.` : ''
}

/** The devices that the question names, a sentence each: what they used, and used before. */
export function sayNamedChanges(
  changes: readonly DeviceChange[],
  question: string,
  during: string,
): readonly string[] {
  return changes
    .filter(({ name }) => isNamed(name, question))
    .slice(0, NAMED)
    .map(
      ({ name, now, before, change }) =>
        `${name} used ${formatMetric(now)}, ${comparedWith(change.value, 'kWh', during)} (${formatMetric(before)}).`,
    )
}

/** A change as people say it: `3.25 kWh less than then`, `as much as then` where no digit of it is left. */
export function comparedWith(change: number, unit: string, other: string): string {
  const amount = formatValue(Math.abs(change), unit)
  if (amount === formatValue(0, unit)) return `as much as ${other}`
  return `${amount} ${change < 0 ? 'less' : 'more'} than ${other}`
}
