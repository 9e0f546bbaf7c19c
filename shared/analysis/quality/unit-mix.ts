import { UNIT_JUMP, UNIT_JUMP_BUCKETS, UNIT_JUMP_SLACK } from '../constants.ts'
import { median } from '../numeric.ts'
import type { Flag, Series } from '../series/series.ts'

/** Positive values on each side of a place that are looked at. */
const SIDE = 24

/**
 * Where the level of a series jumps by about 1000 and stays there: W taken for kW, or Wh for kWh. The shorter side is
 * flagged.
 */
export function unitMixFlags(series: Series): Flag[] {
  const positive = series.points.filter((p) => p.value > 0)
  const middle = median(positive.map((p) => p.value))
  if (middle === null || positive.length < 2 * UNIT_JUMP_BUCKETS) return []
  const extreme = positive.some((p) => isJump(p.value / middle) || isJump(middle / p.value))
  if (!extreme) return []
  const level = (from: number, to: number) =>
    median(positive.slice(Math.max(0, from), Math.max(0, to)).map((p) => p.value))
  let best: { at: number; distance: number } | null = null
  for (let i = UNIT_JUMP_BUCKETS; i <= positive.length - UNIT_JUMP_BUCKETS; i++) {
    const before = level(i - SIDE, i)
    const after = level(i, i + SIDE)
    if (before === null || after === null) continue
    const ratio = positive[i]!.value / positive[i - 1]!.value
    if (!isJump(after / before) && !isJump(before / after)) continue
    const distance = Math.abs(Math.abs(Math.log(ratio)) - Math.log(UNIT_JUMP))
    if (!best || distance < best.distance) best = { at: i, distance }
  }
  if (!best) return []
  const early = best.at < positive.length / 2
  const [first, last] = early ? [0, best.at - 1] : [best.at, positive.length - 1]
  return [
    {
      kind: 'unit_mix',
      ids: [series.id],
      start: positive[first]!.start,
      end: positive[last]!.end,
      effect: 'values jump by about 1000, as if the unit had changed',
    },
  ]
}

function isJump(ratio: number): boolean {
  return ratio >= UNIT_JUMP / UNIT_JUMP_SLACK && ratio <= UNIT_JUMP * UNIT_JUMP_SLACK
}
