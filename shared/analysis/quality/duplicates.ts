import type { DeviceConsumption, Span } from '../../domain/home-data.ts'
import { DUPLICATE_CORRELATION, DUPLICATE_SCALE } from '../constants.ts'
import { parentsOf } from '../energy/devices.ts'
import { correlation, sum } from '../numeric.ts'
import type { Flag, Series } from '../series/series.ts'

/** Buckets in common below which two meters cannot be told to be one (choice). */
const LEAST_COMMON = 24

/**
 * Devices that count the same energy: correlation of at least 0.98 with a scale of 1 ± 2 % over their common buckets.
 * Those of which one is declared to be part of the other are in order.
 */
export function duplicateFlags(
  list: readonly Series[],
  devices: readonly DeviceConsumption[],
  span: Span,
): Flag[] {
  const parents = parentsOf(devices)
  const metered = list.filter((series) => parents.has(series.id) && series.points.length >= LEAST_COMMON)
  const flags: Flag[] = []
  for (const [i, a] of metered.entries()) {
    const values = new Map(a.points.map((p) => [p.start, p.value]))
    for (const b of metered.slice(i + 1)) {
      if (isPartOf(a.id, b.id, parents) || isPartOf(b.id, a.id, parents)) continue
      const inA: number[] = []
      const inB: number[] = []
      for (const { start, value } of b.points) {
        const other = values.get(start)
        if (other === undefined) continue
        inA.push(other)
        inB.push(value)
      }
      const totalB = sum(inB)
      if (inA.length < LEAST_COMMON || totalB === 0) continue
      if (Math.abs(sum(inA) / totalB - 1) > DUPLICATE_SCALE) continue
      if ((correlation(inA, inB) ?? 0) < DUPLICATE_CORRELATION) continue
      const effect = `${a.name} and ${b.name} count the same energy`
      flags.push({ kind: 'duplicate', ids: [a.id, b.id], start: span.start, end: span.end, effect })
    }
  }
  return flags
}

function isPartOf(id: string, whole: string, parents: ReadonlyMap<string, string | null>): boolean {
  for (let parent = parents.get(id) ?? null; parent !== null; parent = parents.get(parent) ?? null)
    if (parent === whole) return true
  return false
}
