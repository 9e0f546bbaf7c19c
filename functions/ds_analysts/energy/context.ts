import {
  agreementFactor,
  confidenceOf,
  coverageFactor,
  qualityFactor,
  sourceFactor,
} from '../../../shared/analysis/confidence.ts'
import {
  alignFlows,
  consumption,
  consumptionPoints,
  type Flow,
} from '../../../shared/analysis/energy/flow.ts'
import { qualityFlags } from '../../../shared/analysis/quality.ts'
import {
  coverage,
  type Flag,
  type Point,
  type Series,
  withoutFlagged,
} from '../../../shared/analysis/series/series.ts'
import type { Focus, ScriptRun } from '../../../shared/domain/analysis.ts'
import type { Confidence, Evidence, Factor } from '../../../shared/domain/finding.ts'
import type { Span } from '../../../shared/domain/home-data.ts'
import type { Metric } from '../../../shared/domain/metric.ts'
import type { TimeWindow } from '../../../shared/domain/window.ts'
import type { AnalysisState } from '../state.ts'
import type { EnergyData, Meters } from './collect.ts'

/** The numbers of an independent script, by the keys that it was asked for; null where it gave none. */
export interface Check {
  readonly run: ScriptRun
  readonly values: Readonly<Record<string, number | string | null>>
}

/** What every finding of the energy analyst is made from. */
export interface EnergyContext {
  readonly state: AnalysisState
  readonly data: EnergyData
  readonly window: TimeWindow
  readonly span: Span
  readonly zone: string
  readonly flows: readonly Flow[]
  /** Use of the home, kWh an hour. */
  readonly used: readonly Point[]
  /** Share of the window that `used` is known for: where there is a grid meter, only what that meter has. */
  readonly covered: number
  readonly flags: readonly Flag[]
  /** Statistics that the home's use comes from. */
  readonly ids: readonly string[]
  /** How the independent script ended, and what it said. Null where none was asked for. */
  readonly check: Check | null
}

/** Sums the meters up to the home's use and looks for what is odd about them. */
export function createContext(state: AnalysisState, data: EnergyData): EnergyContext {
  const { main } = data
  const zone = main.window.timeZone
  const flags = flagsOf(data, state)
  const clean = (series: Series | null) =>
    series && state.request.strategy.excludeFlagged ? withoutFlagged(series, main.span, flags) : series
  const flows = flowsOf(main, clean)
  const used = consumptionPoints(flows)
  const { sources } = data
  return {
    state,
    data,
    window: main.window,
    span: main.span,
    zone,
    flows,
    used,
    covered: coveredBy(used, clean(main.gridFrom), main.span),
    flags,
    ids: [
      ...sources.gridFrom,
      ...sources.gridTo,
      ...sources.solar,
      ...sources.batteryFrom,
      ...sources.batteryTo,
    ],
    check: null,
  }
}

/**
 * How much of a span the home's use is known for. Beside solar an hour without the grid meter adds up to too little, so
 * that meter's own coverage decides.
 */
export function coveredBy(used: readonly Point[], gridFrom: Series | null, span: Span): number {
  const all = coverage(used, span)
  return gridFrom ? Math.min(all, coverage(gridFrom.points, span)) : all
}

/** The flows of all meters, aligned by bucket; `clean` may take points out first. */
export function flowsOf(
  meters: Meters,
  clean: (series: Series | null) => Series | null = (s) => s,
): readonly Flow[] {
  const list = (series: Series | null) => {
    const cleaned = clean(series)
    return cleaned ? [cleaned] : []
  }
  return alignFlows({
    gridFrom: list(meters.gridFrom),
    gridTo: list(meters.gridTo),
    solar: list(meters.solar),
    batteryFrom: list(meters.batteryFrom),
    batteryTo: list(meters.batteryTo),
  })
}

function flagsOf(data: EnergyData, state: AnalysisState): Flag[] {
  const { main, sources, devices } = data
  const meters = [main.gridFrom, main.gridTo, main.solar, main.batteryFrom, main.batteryTo]
  const series = [...meters.filter((s) => s !== null), ...devices.map((d) => d.series)]
  return qualityFlags(series, {
    span: main.span,
    zone: main.window.timeZone,
    now: Date.parse(state.info.now),
    roles: {
      solar: sources.solar,
      gridTo: sources.gridTo,
      battery: [...sources.batteryFrom, ...sources.batteryTo],
    },
    devices: sources.devices,
  })
}

/** True when the question is after one of these, or after an overview. */
export function wants(context: EnergyContext, ...kinds: readonly Focus[]): boolean {
  const { focus } = context.state.request
  return focus.includes('overview') || kinds.some((kind) => focus.includes(kind))
}

/** Confidence of a figure about the home's use: how much was covered, how clean it was, and what else limits it. */
export function confidenceIn(
  context: EnergyContext,
  covered: number,
  ...others: readonly Factor[]
): Confidence {
  const own = new Set([...context.ids, ...summedIds(context)])
  const flags = context.flags.filter((flag) => flag.ids.some((id) => own.has(id)))
  return confidenceOf([coverageFactor(covered), ...others, qualityFactor(flags, context.span)])
}

/** Metrics as evidence, with the script's value beside them where it checked one. */
export function evidenceOf(
  metrics: readonly Metric[],
  context: EnergyContext,
  ...paths: readonly string[]
): Evidence[] {
  const own = metrics.map((metric): Evidence => ({ kind: 'metric', metricId: metric.id }))
  const { check } = context
  if (!check) return own
  const known = paths.filter((path) => check.values[path] !== undefined && check.values[path] !== null)
  return [...own, ...known.map((path): Evidence => ({ kind: 'script', scriptId: check.run.id, path }))]
}

/** A number that the independent script gave, or null. */
export function checked(context: EnergyContext, key: string): number | null {
  const value = context.check?.values[key]
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

/** Whether the script's own total confirms that of the meters. */
export function totalCheck(context: EnergyContext): Factor {
  return agreementFactor(
    consumption(context.flows),
    checked(context, 'total_kwh'),
    0.02,
    'an independent estimate of the total',
  )
}

/** Agreement of a figure that is computed from the same meters as the total. */
export const sourceCheck = (context: EnergyContext): Factor => sourceFactor(totalCheck(context))

/** Hours that a sum should rest on: a day's, or all that a shorter window has. */
export function hoursWanted({ span }: EnergyContext): number {
  return Math.min(24, Math.max(1, Math.floor((span.end - span.start) / 3_600_000)))
}

/** Ids under which several meters of one kind were added up; flags of the sum carry them. */
function summedIds({ data }: EnergyContext): string[] {
  const { gridFrom, gridTo, solar, batteryFrom, batteryTo } = data.main
  return [gridFrom, gridTo, solar, batteryFrom, batteryTo].flatMap((series) => (series ? [series.id] : []))
}
