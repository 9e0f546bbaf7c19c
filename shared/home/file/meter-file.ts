import type { DataNote } from '../../domain/home-data.ts'
import { type Column, readHeader } from './columns.ts'
import { readTable } from './csv.ts'
import { fault } from './fault.ts'
import { type MeterFile, NANO } from './meter.ts'
import { readNumber } from './numbers.ts'
import { tidyRows } from './tidy.ts'
import { readTimes } from './times.ts'

/**
 * Reads a smart meter's CSV (DESIGN.md §8): header, comma or semicolon (then decimal commas are fine), rows of 5 to 60
 * minutes, times as ISO 8601 with offset or local to `timeZone`. Where both `start` and `end` are given, `start`
 * counts. What is odd but usable becomes a note; what is not throws INVALID_INPUT in one line that names file, line
 * and reason.
 */
export function parseMeterFile(
  text: string,
  options: { timeZone: string; currency: string | null; fileName: string },
): MeterFile {
  const { fileName, timeZone } = options
  const table = readTable(text, fileName)
  const header = readHeader(table.header, fileName)
  const notes: DataNote[] = [...header.notes]
  const times = readTimes(
    table.rows.map((row) => ({ line: row.line, text: cell(row, header.time.index) })),
    { timeZone, fileName, column: header.time.kind },
  )
  notes.push(...times.notes)
  const columns = header.columns.map((column) => ({
    ...column,
    values: Float64Array.from(table.rows, (row) =>
      readValue(column, cell(row, column.index), row.line, {
        fileName,
        decimalComma: table.delimiter === ';',
      }),
    ),
  }))
  const tidy = tidyRows(
    {
      lines: table.rows.map((row) => row.line),
      instants: times.instants,
      columns,
      labelledBy: header.time.kind,
    },
    options,
  )
  if (tidy.starts.length === 0) throw fault(fileName, 1, 'the file has no rows')
  return { ...options, ...tidy, notes: [...notes, ...tidy.notes] }
}

function cell(row: { cells: readonly string[] }, index: number): string {
  return row.cells[index] ?? ''
}

function readValue(
  column: Column,
  text: string,
  line: number,
  options: { fileName: string; decimalComma: boolean },
): number {
  if (text === '') return Number.NaN
  const value = readNumber(text, options)
  if (value === null) throw fault(options.fileName, line, `${column.header} is not a number`)
  return column.kind === 'energy' ? Math.round(value * NANO) : value
}
