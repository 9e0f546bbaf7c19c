import type { LogbookEntry, Span } from '../../domain/home-data.ts'
import { FOLLOW_HITS, FOLLOW_SECONDS, TOP_ROWS } from '../constants.ts'
import { median } from '../numeric.ts'

/** One thing that happens soon after another more often than by chance. */
export interface Follower {
  readonly first: { readonly entityId: string; readonly state: string }
  readonly second: { readonly entityId: string; readonly state: string }
  readonly hits: number
  /** How many times likelier the second is within 300 s of the first than at any time. */
  readonly lift: number
  readonly medianLagS: number
}

/** Below this a pair is chance (choice). */
const LEAST_LIFT = 3
/** Entries after a first that are looked at: a burst beyond it tells nothing about single pairs. */
const MOST_AFTER = 40

/**
 * Pairs "B follows A within 300 s", hits ≥ 3, by lift against B's rate over the whole span. Both directions are counted,
 * so the stronger one shows which leads. The entries are bucketed by time, not paired all with all.
 */
export function followers(entries: readonly LogbookEntry[], span: Span): Follower[] {
  const list = entries
    .filter(
      (e) => e.entityId !== null && e.state !== null && e.state !== 'unavailable' && e.state !== 'unknown',
    )
    .filter((e) => e.at >= span.start && e.at < span.end)
    .toSorted((a, b) => a.at - b.at)
  const counts = new Map<string, number>()
  const lags = new Map<string, number[]>()
  for (const [i, a] of list.entries()) {
    const from = `${a.entityId} ${a.state}`
    counts.set(from, (counts.get(from) ?? 0) + 1)
    const seen = new Set<string>()
    for (let j = i + 1; j < Math.min(list.length, i + 1 + MOST_AFTER); j++) {
      const b = list[j]!
      const lag = (b.at - a.at) / 1000
      if (lag > FOLLOW_SECONDS) break
      const to = `${b.entityId} ${b.state}`
      if (b.entityId === a.entityId || seen.has(to)) continue
      seen.add(to)
      const pair = `${from}\n${to}`
      const known = lags.get(pair)
      if (known) known.push(lag)
      else lags.set(pair, [lag])
    }
  }
  const seconds = (span.end - span.start) / 1000
  const found: Follower[] = []
  for (const [pair, times] of lags) {
    if (times.length < FOLLOW_HITS) continue
    const [from = '', to = ''] = pair.split('\n')
    const chance = 1 - Math.exp((-(counts.get(to) ?? 0) * FOLLOW_SECONDS) / seconds)
    const lift = times.length / (counts.get(from) ?? 1) / chance
    if (lift < LEAST_LIFT) continue
    found.push({
      first: split(from),
      second: split(to),
      hits: times.length,
      lift,
      medianLagS: median(times)!,
    })
  }
  return found.sort((a, b) => b.lift * b.hits - a.lift * a.hits).slice(0, TOP_ROWS)
}

function split(key: string): { entityId: string; state: string } {
  const at = key.indexOf(' ')
  return { entityId: key.slice(0, at), state: key.slice(at + 1) }
}
