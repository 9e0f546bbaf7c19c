import type { Span, StatisticRow } from '../../domain/home-data.ts'
import type { Bucket } from '../../domain/metric.ts'
import type { StatisticsQuery } from '../port.ts'

const DAY = 86_400_000
/** Home Assistant has kept statistics since 2021; imported ones may be older. */
const FIRST = Date.UTC(2000, 0, 1)

/** Reads rows of some statistics; see the port. */
export type ReadRows = (query: StatisticsQuery) => Promise<ReadonlyMap<string, readonly StatisticRow[]>>

/**
 * From when to when there is data, by the given statistics: months first, then the hours of the first and of the last
 * month. Null where there is none.
 */
export async function findDataRange(
  ids: readonly string[],
  now: number,
  read: ReadRows,
): Promise<Span | null> {
  if (ids.length === 0) return null
  const bounds = async (period: Bucket, span: Span): Promise<Span | null> => {
    const lists = [...(await read({ ids, period, ...span })).values()].filter((rows) => rows.length > 0)
    if (lists.length === 0) return null
    return {
      start: Math.min(...lists.map((rows) => rows[0]!.start)),
      end: Math.max(...lists.map((rows) => rows.at(-1)!.end)),
    }
  }
  const months = await bounds('month', { start: FIRST, end: now })
  if (months === null) return null
  const [first, last] = await Promise.all([
    bounds('hour', { start: months.start, end: Math.min(now, months.start + 32 * DAY) }),
    bounds('hour', { start: Math.max(months.start, Math.min(months.end, now) - 32 * DAY), end: now }),
  ])
  const start = first?.start ?? months.start
  return { start, end: Math.max(start + 1, Math.min(now, last?.end ?? months.end)) }
}
