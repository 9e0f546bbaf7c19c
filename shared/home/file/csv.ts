import { fault } from './fault.ts'

export interface Row {
  /** Line of the file on which the row begins, from 1. */
  readonly line: number
  readonly cells: readonly string[]
}

export interface Table {
  readonly delimiter: ',' | ';'
  readonly header: readonly string[]
  readonly rows: readonly Row[]
}

/**
 * Splits a CSV text (RFC 4180) into trimmed cells. Semicolons separate when the header has one outside of quotes.
 * Blank lines, a byte order mark and any kind of line end are fine; a quoted cell may hold delimiters, doubled quotes
 * and line ends.
 */
export function readTable(text: string, fileName: string): Table {
  const body = (text.startsWith('\uFEFF') ? text.slice(1) : text)
    .replaceAll('\r\n', '\n')
    .replaceAll('\r', '\n')
  // A quoted title may hold either delimiter, and line ends.
  const titles = /^(?:"[^"]*"|[^"\n])*/.exec(body)?.[0].replaceAll(/"[^"]*"/g, '')
  const delimiter = titles?.includes(';') ? ';' : ','
  const [header, ...rows] = splitRows(body, delimiter, fileName)
  if (header === undefined) throw fault(fileName, 1, 'the file is empty')
  for (const { line, cells } of rows)
    if (cells.length !== header.cells.length)
      throw fault(fileName, line, `${cells.length} columns where the header has ${header.cells.length}`)
  return { delimiter, header: header.cells, rows }
}

function splitRows(body: string, delimiter: string, fileName: string): readonly Row[] {
  const rows: Row[] = []
  let line = 1
  for (let at = 0; at < body.length; ) {
    const first = line
    const cells: string[] = []
    for (let more = true; more; ) {
      const cell = readCell(body, at, delimiter)
      if (cell === null)
        throw fault(fileName, first, 'a quoted cell is not closed, or has text after its closing quote')
      cells.push(cell.text.trim())
      line += cell.lines
      more = body[cell.end] === delimiter
      at = cell.end + 1
    }
    line++
    if (cells.some((cell) => cell !== '')) rows.push({ line: first, cells })
  }
  return rows
}

interface CellRead {
  readonly text: string
  /** Index of the delimiter, line end or end of text behind the cell. */
  readonly end: number
  /** Line ends within the cell. */
  readonly lines: number
}

function readCell(body: string, start: number, delimiter: string): CellRead | null {
  if (body[start] === '"') return readQuoted(body, start, delimiter)
  let end = start
  while (end < body.length && body[end] !== delimiter && body[end] !== '\n') end++
  return { text: body.slice(start, end), end, lines: 0 }
}

function readQuoted(body: string, start: number, delimiter: string): CellRead | null {
  let close = body.indexOf('"', start + 1)
  while (close >= 0 && body[close + 1] === '"') close = body.indexOf('"', close + 2)
  if (close < 0) return null
  const end = close + 1
  if (end < body.length && body[end] !== delimiter && body[end] !== '\n') return null
  const text = body.slice(start + 1, close).replaceAll('""', '"')
  return { text, end, lines: text.split('\n').length - 1 }
}
