import { consumptionPoints } from '../../../shared/analysis/energy/flow.ts'
import { hourlyMinima } from '../../../shared/analysis/series/minima.ts'
import { energyToPower, type Point } from '../../../shared/analysis/series/series.ts'
import type { Bucket } from '../../../shared/domain/metric.ts'
import type { TimeWindow } from '../../../shared/domain/window.ts'
import type { Meters } from './collect.ts'
import { coveredBy, type EnergyContext, flowsOf } from './context.ts'

/** Mean power of the home's use, W a bucket, over the window that the buckets come from. */
export interface Power {
  readonly points: readonly Point[]
  readonly bucket: Bucket
  readonly window: TimeWindow
  readonly covered: number
}

/**
 * Power within the asked window, in 5-minute buckets where the recorder still has them for all of it, else in hours.
 */
export function powerInWindow(context: EnergyContext): Power {
  const { fine, main } = context.data
  if (fine && fine.span.start <= context.span.start) return powerOf(fine, context.window)
  return powerOf(main, context.window)
}

/** Power over the window and the extra days before it that this try allows: for methods short of nights. */
export function powerWithExtraDays(context: EnergyContext): Power {
  const { fine, long } = context.data
  const extra = context.state.request.strategy.extraDays > 0
  if (fine && !extra && fine.span.start <= context.span.start) return powerOf(fine, context.window)
  return powerOf(long, long.window)
}

function powerOf(meters: Meters, window: TimeWindow): Power {
  const span = { start: Date.parse(window.start), end: Date.parse(window.end) }
  const used = consumptionPoints(flowsOf(meters)).filter((p) => p.start >= span.start && p.start < span.end)
  const series = energyToPower({
    id: 'home',
    name: 'Home',
    unit: 'kWh',
    bucket: meters.bucket,
    points: used,
    flags: [],
  })
  return {
    points: series.points,
    bucket: meters.bucket,
    window,
    covered: coveredBy(used, meters.gridFrom, span),
  }
}

/** The least power of each hour, W: from 5-minute means, or the hour's own mean where there is nothing finer. */
export function minimaOf(power: Power): readonly Point[] {
  if (power.bucket !== '5minute') return power.points
  return hourlyMinima(power.points.map(({ start, end, value }) => ({ start, end, mean: value, min: value })))
}
