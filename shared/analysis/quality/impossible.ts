import type { Span } from '../../domain/home-data.ts'
import { DARK_FROM_HOUR, DARK_SHARE, DARK_TO_HOUR } from '../constants.ts'
import { inLocalHours } from '../energy/local-hours.ts'
import { formatNumber } from '../format.ts'
import { type Flag, hoursOf, type Point, type Series } from '../series/series.ts'

/** Share of negative values from which a clamp is taken to be mounted the wrong way round (choice). */
const FLIPPED_SHARE = 0.8
/** Export below this is measuring noise, kWh (choice). */
const NOISE_KWH = 0.1

/** More power than the main fuse lets through, bucket by bucket. */
export function aboveFuseFlags(series: Series, fuseKw: number): Flag[] {
  const kw = (p: Point) => (series.unit === 'kWh' ? p.value / hoursOf(p) : p.value / 1000)
  return series.points
    .filter((p) => kw(p) > fuseKw)
    .map((p) => ({
      kind: 'impossible',
      ids: [series.id],
      start: p.start,
      end: p.end,
      effect: `${formatNumber(kw(p), 1)} kW is more than a main fuse of ${formatNumber(fuseKw, 1)} kW lets through`,
    }))
}

/** Solar energy in the darkest hours of the night. */
export function nightSolarFlags(series: Series, zone: string): Flag[] {
  const best = series.points.reduce((most, p) => Math.max(most, p.value), 0)
  const dark = inLocalHours(series.points, zone, DARK_FROM_HOUR, DARK_TO_HOUR)
  const odd = dark.filter((p) => p.value > DARK_SHARE * best)
  const [first, last] = [odd[0], odd.at(-1)]
  if (!first || !last || best <= 0) return []
  const effect = 'solar energy in the middle of the night'
  return [{ kind: 'impossible', ids: [series.id], start: first.start, end: last.end, effect }]
}

/** Export from a home that has neither solar panels nor a battery. */
export function exportFlags(series: Series, span: Span): Flag[] {
  const exported = series.points.reduce((sum, p) => sum + Math.max(0, p.value), 0)
  if (exported <= NOISE_KWH) return []
  const effect = 'energy goes to the grid although no solar panels or battery are known'
  return [{ kind: 'impossible', ids: [series.id], start: span.start, end: span.end, effect }]
}

/** A power sensor that is nearly always negative. */
export function flippedFlags(series: Series, span: Span): Flag[] {
  const moving = series.points.filter((p) => p.value !== 0)
  const negative = moving.filter((p) => p.value < 0).length
  if (series.unit !== 'W' || moving.length < 24 || negative / moving.length < FLIPPED_SHARE) return []
  const effect = 'power is nearly always negative, as from a clamp mounted the wrong way round'
  return [{ kind: 'impossible', ids: [series.id], start: span.start, end: span.end, effect }]
}
