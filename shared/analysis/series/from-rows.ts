import type { StatisticRow } from '../../domain/home-data.ts'
import type { Bucket } from '../../domain/metric.ts'
import { rowFlags } from './row-flags.ts'
import type { Flag, Series } from './series.ts'

/**
 * Energy of a meter in kWh a bucket, from `change`. What Home Assistant has folded into its sum (resets, dips) stays as
 * it is and is flagged: gap, catch_up, reset, dip, negative, duplicate.
 */
export function energySeries(
  id: string,
  name: string,
  rows: readonly StatisticRow[],
  bucket: Bucket,
): Series {
  return seriesOf(id, name, 'kWh', rows, bucket, (row) => row.change)
}

/** Mean power in W a bucket, from `mean`; flags gap and duplicate. */
export function powerSeries(id: string, name: string, rows: readonly StatisticRow[], bucket: Bucket): Series {
  return seriesOf(id, name, 'W', rows, bucket, (row) => row.mean)
}

function seriesOf(
  id: string,
  name: string,
  unit: 'kWh' | 'W',
  rows: readonly StatisticRow[],
  bucket: Bucket,
  read: (row: StatisticRow) => number | undefined,
): Series {
  const byStart = new Map<number, StatisticRow>()
  const repeated: Flag[] = []
  for (const row of rows) {
    const value = read(row)
    if (value === undefined || !Number.isFinite(value) || !(row.end > row.start)) continue
    if (byStart.has(row.start))
      repeated.push({
        kind: 'duplicate',
        ids: [id],
        start: row.start,
        end: row.end,
        effect: 'a row comes twice; the last one counts',
      })
    byStart.set(row.start, row)
  }
  const kept = [...byStart.values()].sort((a, b) => a.start - b.start)
  const points = kept.map((row) => ({ start: row.start, end: row.end, value: read(row)! }))
  return { id, name, unit, bucket, points, flags: [...repeated, ...rowFlags(id, unit, kept, points, bucket)] }
}
