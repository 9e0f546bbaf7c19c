/** The value below which `percent` of the list lies, interpolated between neighbours; null for an empty list. */
export function percentile(values: readonly number[], percent: number): number | null {
  if (values.length === 0) return null
  const sorted = values.toSorted((a, b) => a - b)
  const position = ((sorted.length - 1) * Math.min(100, Math.max(0, percent))) / 100
  const below = Math.floor(position)
  const low = sorted[below]!
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!
  return low + (high - low) * (position - below)
}

/** The middle value; null for an empty list. */
export function median(values: readonly number[]): number | null {
  return percentile(values, 50)
}

/** Median distance from the median; null for an empty list. */
export function medianDeviation(values: readonly number[]): number | null {
  const middle = median(values)
  return middle === null ? null : median(values.map((value) => Math.abs(value - middle)))
}

/** Arithmetic mean; null for an empty list. */
export function average(values: readonly number[]): number | null {
  return values.length === 0 ? null : sum(values) / values.length
}

/** Sum with compensation (Neumaier), so that a year of small buckets adds up as by hand. */
export function sum(values: readonly number[]): number {
  let total = 0
  let lost = 0
  for (const value of values) {
    const next = total + value
    lost += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total
    total = next
  }
  return total + lost
}

/** Pearson correlation of two lists of one length; null below 3 pairs or without any variation. */
export function correlation(a: readonly number[], b: readonly number[]): number | null {
  const n = Math.min(a.length, b.length)
  if (n < 3) return null
  const meanA = sum(a.slice(0, n)) / n
  const meanB = sum(b.slice(0, n)) / n
  let ab = 0
  let aa = 0
  let bb = 0
  for (let i = 0; i < n; i++) {
    const da = a[i]! - meanA
    const db = b[i]! - meanB
    ab += da * db
    aa += da * da
    bb += db * db
  }
  return aa === 0 || bb === 0 ? null : ab / Math.sqrt(aa * bb)
}

/** Puts the items of a list into groups by key, in order of first appearance. */
export function groupBy<T, K>(items: Iterable<T>, keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group) group.push(item)
    else groups.set(key, [item])
  }
  return groups
}
