import type { DeviceConsumption } from '../../domain/home-data.ts'
import { DOUBLE_COUNTING_SHARE } from '../constants.ts'
import { sum } from '../numeric.ts'
import { type Series, total } from '../series/series.ts'

export interface DeviceShare {
  readonly statistic: string
  readonly name: string
  readonly includedIn: string | null
  readonly kwh: number
  /** Fraction of the home's consumption; null where that is unknown or 0. */
  readonly share: number | null
  readonly samples: number
}

export interface DeviceShares {
  /** Highest first, circuits and what is in them side by side. */
  readonly devices: readonly DeviceShare[]
  /** Names of devices without any data in the window: unknown, not zero. */
  readonly silent: readonly string[]
  /** Sum of the roots: what is measured by devices, nothing counted twice. */
  readonly trackedKwh: number
  readonly untrackedKwh: number | null
  readonly untrackedShare: number | null
  /** The roots add up to clearly more than the home used: something is counted twice. */
  readonly doubleCounting: boolean
}

/**
 * Shares of the devices in the home's consumption (kWh), by the tree of `includedIn`: only roots are added up, a device
 * inside a circuit is part of it. Untracked = consumption − roots; below −2 % of consumption it is double counting.
 */
export function deviceShares(
  devices: readonly DeviceConsumption[],
  series: ReadonlyMap<string, Series>,
  consumptionKwh: number | null,
): DeviceShares {
  const known: DeviceShare[] = []
  const silent: string[] = []
  const usable = consumptionKwh !== null && consumptionKwh > 0 ? consumptionKwh : null
  for (const { statistic, name, includedIn } of devices) {
    const points = series.get(statistic)?.points ?? []
    const kwh = total(points)
    if (kwh === null) silent.push(name)
    else
      known.push({
        statistic,
        name,
        includedIn,
        kwh,
        share: usable === null ? null : kwh / usable,
        samples: points.length,
      })
  }
  const measured = new Set(known.map((device) => device.statistic))
  const parents = parentsOf(devices)
  const trackedKwh = sum(known.filter((d) => isRoot(d.statistic, parents, measured)).map((d) => d.kwh))
  const untrackedKwh = consumptionKwh === null || known.length === 0 ? null : consumptionKwh - trackedKwh
  const untrackedShare = untrackedKwh === null || usable === null ? null : untrackedKwh / usable
  return {
    devices: known.sort((a, b) => b.kwh - a.kwh),
    silent,
    trackedKwh,
    untrackedKwh,
    untrackedShare,
    doubleCounting: untrackedShare !== null && untrackedShare < DOUBLE_COUNTING_SHARE,
  }
}

/** True when no measured ancestor already holds the device: where a parent has no data, its children count themselves. */
function isRoot(
  statistic: string,
  parents: ReadonlyMap<string, string | null>,
  measured: ReadonlySet<string>,
): boolean {
  for (let id = parents.get(statistic) ?? null; id !== null; id = parents.get(id) ?? null)
    if (measured.has(id)) return false
  return true
}

/** Parent by device. A link that would close a circle is cut, so every walk upwards ends. */
export function parentsOf(devices: readonly DeviceConsumption[]): Map<string, string | null> {
  const parents = new Map<string, string | null>()
  for (const { statistic, includedIn } of devices) {
    let id = includedIn
    while (id !== null && id !== statistic) id = parents.get(id) ?? null
    parents.set(statistic, id === statistic ? null : includedIn)
  }
  return parents
}
