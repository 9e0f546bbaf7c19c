import { DRIFT_WEEKS, HOUR_MS } from '../../../shared/analysis/constants.ts'
import { type Drift, driftOf } from '../../../shared/analysis/diagnostics/drift.ts'
import { energySeries } from '../../../shared/analysis/series/from-rows.ts'
import type { HomeSource, ReadOptions } from '../../../shared/home/port.ts'
import { findSources } from '../energy/sources.ts'

const REACH_MS = DRIFT_WEEKS * 7 * 24 * HOUR_MS

/** How the energy of one device drifts, up to the end of the weeks looked at. */
export interface DeviceDrift {
  readonly name: string
  readonly statistic: string
  readonly drift: Drift
  readonly start: number
  readonly end: number
}

/** Reads the meters of the devices over the weeks before `end`, and tells the drift of those that run all the time. */
export async function readDeviceDrifts(
  home: HomeSource,
  end: number,
  options: ReadOptions,
): Promise<readonly DeviceDrift[]> {
  const sources = await findSources(home, options)
  // A circuit with other meters behind it is no device.
  const parents = new Set(sources.devices.map(({ includedIn }) => includedIn))
  const devices = sources.devices.filter(({ statistic }) => !parents.has(statistic))
  if (devices.length === 0) return []
  const start = end - REACH_MS
  const ids = devices.map(({ statistic }) => statistic)
  const rows = await home.statistics({ ids, period: 'hour', start, end }, options)
  return devices.flatMap(({ statistic, name }) => {
    const drift = driftOf(energySeries(statistic, name, rows.get(statistic) ?? [], 'hour').points, end)
    return drift ? [{ name, statistic, drift, start, end }] : []
  })
}
