import { sum } from '../numeric.ts'
import type { Point, Series } from '../series/series.ts'

/** What the meters counted in one bucket, kWh, all ≥ 0. `start` and `end` are epoch ms. */
export interface Flow {
  readonly start: number
  readonly end: number
  readonly fromGrid: number
  readonly toGrid: number
  readonly solar: number
  readonly fromBattery: number
  readonly toBattery: number
}

/** Where the energy of one bucket went, kWh. `used` may be negative where meters disagree; `home` is not. */
export interface FlowSplit {
  readonly used: number
  readonly home: number
  readonly gridToBattery: number
  readonly solarToBattery: number
  readonly solarToGrid: number
  readonly batteryToGrid: number
  readonly solarToHome: number
  readonly batteryToHome: number
  readonly gridToHome: number
}

export interface FlowSources {
  readonly gridFrom: readonly Series[]
  readonly gridTo: readonly Series[]
  readonly solar: readonly Series[]
  readonly batteryFrom: readonly Series[]
  readonly batteryTo: readonly Series[]
}

type MeterName = 'fromGrid' | 'toGrid' | 'solar' | 'fromBattery' | 'toBattery'

/**
 * Brings the meters of a home together bucket by bucket: sources of one kind are added, each input is clamped to ≥ 0, a
 * missing value is 0 only where another source of the bucket has data. All series have one bucket size.
 */
export function alignFlows(sources: FlowSources): Flow[] {
  const byStart = new Map<number, { start: number; end: number } & Record<MeterName, number>>()
  const add = (name: MeterName, list: readonly Series[]) => {
    for (const series of list)
      for (const { start, end, value } of series.points) {
        let flow = byStart.get(start)
        if (!flow) {
          flow = { start, end, fromGrid: 0, toGrid: 0, solar: 0, fromBattery: 0, toBattery: 0 }
          byStart.set(start, flow)
        }
        flow[name] += Math.max(0, value)
      }
  }
  add('fromGrid', sources.gridFrom)
  add('toGrid', sources.gridTo)
  add('solar', sources.solar)
  add('fromBattery', sources.batteryFrom)
  add('toBattery', sources.batteryTo)
  return [...byStart.values()].sort((a, b) => a.start - b.start)
}

/**
 * Home Assistant's split of one bucket (its energy dashboard, frontend `data/energy.ts`). Each step takes what the
 * earlier ones left, so their order is part of the definition. Never give it totals of several buckets.
 */
export function splitFlow(flow: Omit<Flow, 'start' | 'end'>): FlowSplit {
  let { fromGrid, toGrid, solar, fromBattery, toBattery } = flow
  const used = fromGrid + solar + fromBattery - toGrid - toBattery
  let home = Math.max(used, 0)
  const wholeHome = home

  // Import that the home cannot have used went into the battery.
  const excess = Math.max(0, Math.min(toBattery, fromGrid - home))
  fromGrid -= excess
  toBattery -= excess

  const solarToBattery = Math.min(solar, toBattery)
  solar -= solarToBattery
  toBattery -= solarToBattery

  const solarToGrid = Math.min(solar, toGrid)
  solar -= solarToGrid
  toGrid -= solarToGrid

  const batteryToGrid = Math.min(fromBattery, toGrid)
  fromBattery -= batteryToGrid

  const secondPass = Math.min(fromGrid, toBattery)
  fromGrid -= secondPass

  const solarToHome = Math.min(home, solar)
  home -= solarToHome

  const batteryToHome = Math.min(fromBattery, home)
  home -= batteryToHome

  const gridToHome = Math.min(home, fromGrid)

  return {
    used,
    home: wholeHome,
    gridToBattery: excess + secondPass,
    solarToBattery,
    solarToGrid,
    batteryToGrid,
    solarToHome,
    batteryToHome,
    gridToHome,
  }
}

export type FlowTotals = Record<MeterName, number>

/** What each kind of meter counted in all, kWh; null without any data. */
export function sumFlows(flows: readonly Flow[]): FlowTotals | null {
  if (flows.length === 0) return null
  const of = (name: MeterName) => sum(flows.map((flow) => flow[name]))
  return {
    fromGrid: of('fromGrid'),
    toGrid: of('toGrid'),
    solar: of('solar'),
    fromBattery: of('fromBattery'),
    toBattery: of('toBattery'),
  }
}

/** What the home used, bucket by bucket, kWh; unclamped, as Home Assistant adds it up. */
export function consumptionPoints(flows: readonly Flow[]): Point[] {
  return flows.map((flow) => ({ start: flow.start, end: flow.end, value: splitFlow(flow).used }))
}

/** What the home used in all, kWh; null without any data. */
export function consumption(flows: readonly Flow[]): number | null {
  return flows.length === 0 ? null : sum(flows.map((flow) => splitFlow(flow).used))
}

/** Share of the consumption that did not come from the grid, in [0, 1]; null when nothing was used. */
export function selfSufficiency(flows: readonly Flow[]): number | null {
  const used = Math.max(0, consumption(flows) ?? 0)
  if (used === 0) return null
  return 1 - Math.min(1, sum(flows.map((flow) => flow.fromGrid)) / used)
}
