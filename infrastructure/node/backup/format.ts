import * as v from 'valibot'
import { StartFault } from '../start-fault.ts'

/**
 * A backup is one gzip file of JSON lines: a head, then for each table its name and columns and a line a row, then an
 * end with the number of rows and the SHA-256 of all lines before it. A row is an array of texts as Postgres writes its
 * values, null for NULL. What begins with `[` is a row, all else an object.
 */
export const FORMAT = 1

const Head = v.object({
  aether_backup: v.literal(FORMAT),
  version: v.string(),
  made_at: v.string(),
  postgres: v.string(),
  /** Hashes of the migrations that the data has been through, in order. */
  migrations: v.pipe(v.array(v.string()), v.minLength(1)),
})
const Table = v.object({ table: v.string(), columns: v.array(v.string()) })
const End = v.object({ end: v.literal(true), rows: v.number(), sha256: v.string() })

export type Head = v.InferOutput<typeof Head>
export type Table = v.InferOutput<typeof Table>
export type End = v.InferOutput<typeof End>

/** A line of a backup, read. */
export type Entry =
  | { readonly kind: 'head'; readonly head: Head }
  | { readonly kind: 'table'; readonly table: Table }
  | { readonly kind: 'row'; readonly text: string }
  | { readonly kind: 'end'; readonly end: End }

/** Reads one line; rows stay text, for Postgres to read. Throws StartFault for a line that is none of a backup. */
export function toEntry(line: string): Entry {
  if (line.startsWith('[')) return { kind: 'row', text: line }
  const json = parse(line)
  const head = v.safeParse(Head, json)
  if (head.success) return { kind: 'head', head: head.output }
  const table = v.safeParse(Table, json)
  if (table.success) return { kind: 'table', table: table.output }
  const end = v.safeParse(End, json)
  if (end.success) return { kind: 'end', end: end.output }
  throw new StartFault('The file is no backup of Aether, or one of a later format.')
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch (cause) {
    throw new StartFault('The file is no backup of Aether: it holds a line that is no JSON.', { cause })
  }
}
