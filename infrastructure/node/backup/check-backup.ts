import { createHash } from 'node:crypto'
import { StartFault } from '../start-fault.ts'
import { type Head, toEntry } from './format.ts'
import { CUT, linesOf } from './lines.ts'

/** Reads a backup from end to end. Throws StartFault unless it is whole and its checksum is right. */
export async function checkBackup(path: string): Promise<{ head: Head; rows: number }> {
  const hash = createHash('sha256')
  let head: Head | null = null
  let rows = 0
  let ended = false
  for await (const line of linesOf(path)) {
    if (ended)
      throw new StartFault('The backup is damaged: it goes on after its end. Take another copy of it.')
    const entry = toEntry(line)
    if (entry.kind === 'head') head = entry.head
    else if (head === null)
      throw new StartFault('The file is no backup of Aether: it does not begin like one.')
    if (entry.kind === 'row') rows++
    if (entry.kind !== 'end') {
      hash.update(`${line}\n`)
      continue
    }
    ended = true
    if (entry.end.rows !== rows || entry.end.sha256 !== hash.digest('hex'))
      throw new StartFault('The backup is damaged: its checksum is wrong. Take another copy of it.')
  }
  if (head === null || !ended) throw new StartFault(CUT)
  return { head, rows }
}
