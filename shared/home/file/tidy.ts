import type { DataNote } from '../../domain/home-data.ts'
import { sayInstant } from '../../domain/time/say.ts'
import { localParts } from '../../domain/time/zone.ts'
import { fault } from './fault.ts'
import type { MeterColumn } from './meter.ts'

const MINUTE = 60_000

export interface RawRows {
  readonly lines: readonly number[]
  readonly instants: readonly number[]
  readonly columns: readonly MeterColumn[]
  readonly labelledBy: 'start' | 'end'
}

export interface TidyRows {
  readonly intervalMs: number
  readonly starts: Float64Array
  readonly columns: readonly MeterColumn[]
  readonly notes: readonly DataNote[]
}

/** The length of the rows: the most frequent distance between neighbours. */
function findInterval(sorted: readonly number[], fileName: string): number {
  const counts = new Map<number, number>()
  for (let i = 1; i < sorted.length; i++) {
    const distance = (sorted[i] ?? 0) - (sorted[i - 1] ?? 0)
    if (distance > 0) counts.set(distance, (counts.get(distance) ?? 0) + 1)
  }
  const [best] = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0])
  if (best === undefined) throw fault(fileName, 2, 'two rows at least are needed to know how long a row is')
  const minutes = best[0] / MINUTE
  if (minutes < 5 || minutes > 60 || 60 % minutes !== 0)
    throw fault(
      fileName,
      2,
      `rows are ${Number(minutes.toFixed(2))} minutes apart; 5, 6, 10, 12, 15, 20, 30 or 60 minutes can be read`,
    )
  return best[0]
}

function orderNote(raw: RawRows, timeZone: string): readonly DataNote[] {
  const late: number[] = []
  for (let i = 1; i < raw.instants.length; i++)
    if ((raw.instants[i] ?? 0) < (raw.instants[i - 1] ?? 0)) late.push(i)
  if (late.length === 0 || late.length === raw.instants.length - 1) return []
  const midnights = late.every((i) => {
    const { hour, minute } = localParts(raw.instants[i] ?? 0, timeZone)
    return hour === 0 && minute === 0
  })
  const one = late.length === 1
  const which = one ? 'It is a midnight' : 'All of them are midnights'
  const hint = ` ${which}: if the file writes midnight under the day that ends, move it to the next date.`
  const first = `line ${raw.lines[late[0] ?? 0]}`
  const found = one
    ? `1 row was out of order (${first}) and was sorted.`
    : `${late.length} rows were out of order (first: ${first}) and were sorted.`
  const text = midnights ? found + hint : found
  return [{ kind: 'order', at: null, text }]
}

/**
 * Sorts the rows, leaves out what is there twice or overlaps (the first counts), drops negative energies, and notes
 * each gap. Instants become starts.
 */
export function tidyRows(raw: RawRows, context: { timeZone: string; fileName: string }): TidyRows {
  const { timeZone, fileName } = context
  const order = raw.instants
    .map((_, i) => i)
    .sort((a, b) => (raw.instants[a] ?? 0) - (raw.instants[b] ?? 0) || a - b)
  if (order.length === 0) throw fault(fileName, 1, 'the file has a header but no rows')
  const intervalMs = findInterval(
    order.map((i) => raw.instants[i] ?? 0),
    fileName,
  )
  const notes: DataNote[] = [...orderNote(raw, timeZone)]
  const kept: { row: number; start: number }[] = []
  const shift = raw.labelledBy === 'end' ? intervalMs : 0
  for (const row of order) {
    const start = (raw.instants[row] ?? 0) - shift
    const last = kept.at(-1)
    if (last !== undefined && start < last.start + intervalMs) {
      notes.push(overlapNote(raw, last, { row, start }))
      continue
    }
    if (last !== undefined && start > last.start + intervalMs)
      notes.push(gapNote(last.start + intervalMs, start, intervalMs, timeZone))
    kept.push({ row, start })
  }
  const columns = raw.columns.map((column) => ({
    ...column,
    values: Float64Array.from(kept, ({ row, start }) =>
      keepValue(column, row, { start, intervalMs }, raw, notes),
    ),
  }))
  return { intervalMs, starts: Float64Array.from(kept, (one) => one.start), columns, notes }
}

function overlapNote(
  raw: RawRows,
  last: { row: number; start: number },
  next: { row: number; start: number },
): DataNote {
  const lines = `line ${raw.lines[next.row]} and line ${raw.lines[last.row]}`
  if (next.start !== last.start)
    return { kind: 'duplicate', at: next.start, text: `Rows overlap: ${lines}; the earlier one counts.` }
  const equal = raw.columns.every((column) => Object.is(column.values[next.row], column.values[last.row]))
  const text = equal
    ? `The same row is there twice: ${lines}; it counts once.`
    : `Two rows have one time but other values: ${lines}; the first one counts.`
  return { kind: 'duplicate', at: next.start, text }
}

function gapNote(from: number, to: number, intervalMs: number, timeZone: string): DataNote {
  const missing = Number(((to - from) / intervalMs).toFixed(2))
  const rows = missing === 1 ? '1 row is' : `${missing} rows are`
  return {
    kind: 'gap',
    at: from,
    lengthMs: to - from,
    text: `${rows} missing from ${sayInstant(from, timeZone)} to ${sayInstant(to, timeZone)}.`,
  }
}

function keepValue(
  column: MeterColumn,
  row: number,
  { start, intervalMs }: { start: number; intervalMs: number },
  raw: RawRows,
  notes: DataNote[],
): number {
  const value = column.values[row] ?? Number.NaN
  if (column.kind !== 'energy') return value
  if (Number.isNaN(value) && column.role === 'grid_import')
    notes.push({
      kind: 'gap',
      at: start,
      lengthMs: intervalMs,
      text: `Line ${raw.lines[row]} has no value for ${column.header}.`,
    })
  if (!(value < 0)) return value
  notes.push({
    kind: 'negative',
    at: start,
    text: `Line ${raw.lines[row]} has a negative ${column.header}, which cannot be; it was left out.`,
  })
  return Number.NaN
}
